# Where there are no namespaces: limits and an empty environment, nothing else.
# limits.sh FOLDER PRLIMIT|- LIMITS... -- COMMAND...
set -eu
cd "$1"
prlimit=$2
shift 2
limits=
while [ "$1" != -- ]; do limits="$limits $1"; shift; done
shift
run="env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=$PWD TMPDIR=$PWD LANG=C.UTF-8 OMP_NUM_THREADS=1"
# Unquoted on purpose: lists of words.
if [ "$prlimit" = - ]; then
    exec $run "$@"
fi
exec "$prlimit" $limits $run "$@"

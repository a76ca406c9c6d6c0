# Process 1 of a sandbox: makes a root folder of its own, becomes nobody in it, runs one program, says how it ended.
# Runs inside new namespaces (mount, pid, net, ipc, uts, and user where it was not root before).
#
# sandbox.sh SCRATCH USER MIB NODES REPORT NPROC LIMITS... -- FOLDER... -- COMMAND...
#   SCRATCH  folder of the host with files/ (copied to /box) and root/ (where the new root is mounted)
#   USER     number the program runs as, or - to stay the user this is mapped to
#   MIB      size of /box, NODES: files in it
#   REPORT   file below /box whose beginning is handed out, or -
#   LIMITS   options of prlimit
#   FOLDER   of the host that can be read inside, beside the system's own programs
# Hands out: SCRATCH/status ("started", then "exit N"), SCRATCH/report.
set -eu
scratch=$1 user=$2 mib=$3 nodes=$4 report=$5
shift 5
limits=
while [ "$1" != -- ]; do limits="$limits $1"; shift; done
shift
exec 3>"$scratch/status" 4>"$scratch/report"
root=$scratch/root
mount -t tmpfs -o size=4m,mode=755,nosuid,nodev tmpfs "$root"
cd "$root"
mkdir box old proc dev etc

see() { # FOLDER: the same path inside
    [ -e ".$1" ] && return 0
    mkdir -p ".$1"
    mount --rbind "$1" ".$1"
}
for place in usr bin sbin lib lib32 lib64 libx32; do
    if [ -L "/$place" ]; then
        ln -s "$(readlink "/$place")" "$place"
    elif [ -d "/$place" ]; then
        see "/$place"
    fi
done
while [ "$1" != -- ]; do see "$1"; shift; done
shift
# Some systems keep parts of their programs behind links to here; nothing in it is anybody's.
for place in alternatives ld.so.conf.d java-*; do
    for found in /etc/$place; do [ -d "$found" ] && see "$found"; done
done
for place in ld.so.cache ld.so.conf; do [ -f /etc/$place ] && cat /etc/$place >etc/$place; done
echo "nobody:x:${user#-}:65534:nobody:/box:/bin/sh" >etc/passwd
for device in null zero full random urandom; do
    : >dev/$device
    mount --bind /dev/$device dev/$device
done
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
ln -s /box/tmp tmp
ln -s /box/shm dev/shm
# Read only, and so also what is mounted below.
while read -r _ _ _ _ point _; do
    case $point in
        "$root"/dev/*) ;;
        "$root"/*) mount -o remount,bind,ro,nosuid,nodev "$point" ;;
    esac
done </proc/self/mountinfo
mount -t tmpfs -o "size=${mib}m,nr_inodes=$nodes,mode=755,nosuid,nodev" tmpfs box
cp -R "$scratch/files/." box/
mkdir box/tmp box/shm
mount -t proc -o nosuid,nodev,noexec proc proc 2>/dev/null || true
pivot_root . old
cd /
umount -l old
rmdir old
mount -o remount,bind,ro,nosuid,nodev /
privileges="--no-new-privs --bounding-set=-all --inh-caps=-all"
if [ "$user" != - ]; then
    chown -R "$user:$user" /box
    privileges="$privileges --reuid=$user --regid=$user --clear-groups"
fi
cd /box
set +e
echo started >&3
# Unquoted on purpose: lists of words.
setpriv $privileges prlimit $limits env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/box TMPDIR=/box/tmp \
    LANG=C.UTF-8 OMP_NUM_THREADS=1 "$@" 3>&- 4>&-
echo "exit $?" >&3
if [ "$report" != - ]; then
    # Whoever wrote it is not trusted: read without any right, and only so much.
    setpriv $privileges head -c 65536 "/box/$report" </dev/null >&4 2>/dev/null 3>&-
fi
exit 0

"""Prints expected values of OverlapTest."""
import random, json
import sacrebleu
from rouge_score import rouge_scorer
random.seed(3)
words = "the a cat dog sat ran on over mat log , . ! quickly 3.5 1,000 naïve café \"yes\" (no) it's well-known 北京 $5 &amp; x".split()
def text(n): return " ".join(random.choice(words) for _ in range(n))
rows=[]
for i in range(40):
    ref=text(random.randint(1,22)); 
    toks=ref.split(); k=random.random()
    if k<.3: hyp=text(random.randint(0,22))
    else:
        hyp=toks[:]
        for _ in range(random.randint(0,4)):
            j=random.randrange(len(hyp)+1); op=random.random()
            if op<.3: hyp.insert(j,random.choice(words))
            elif op<.6 and hyp: hyp.pop(min(j,len(hyp)-1))
            elif len(hyp)>4:
                a=random.randrange(len(hyp)-2); seg=hyp[a:a+2]; del hyp[a:a+2]; b=random.randrange(len(hyp)+1); hyp[b:b]=seg
        hyp=" ".join(hyp)
    ref2 = text(random.randint(1,22))
    rows.append([hyp,ref,ref2])
out=[]
hyps=[r[0] for r in rows]
for refs in ([[r[1] for r in rows]],[[r[1] for r in rows],[r[2] for r in rows]]):
    out.append([sacrebleu.corpus_bleu(hyps,refs).score, sacrebleu.corpus_chrf(hyps,refs).score, sacrebleu.corpus_chrf(hyps,refs,word_order=2).score, sacrebleu.corpus_ter(hyps,refs).score, sacrebleu.corpus_bleu(hyps,refs,tokenize="intl",smooth_value=0.0).score])
each=[]
sc=rouge_scorer.RougeScorer(["rouge1","rouge2","rougeL","rougeLsum"])
for h,r,r2 in rows:
    s=sc.score(r.replace(" . ",".\n"),h.replace(" . ",".\n"))
    each.append([sacrebleu.corpus_bleu([h],[[r]]).score,sacrebleu.corpus_chrf([h],[[r]]).score,sacrebleu.corpus_ter([h],[[r]]).score,s["rouge1"].fmeasure,s["rouge2"].fmeasure,s["rougeL"].fmeasure,s["rougeLsum"].fmeasure])
import os
os.environ["DISABLE_MULTIPROC"]="1"
from lm_eval.api import metrics as m
import io, contextlib
items=[(r[1],r[0]) for r in rows]
with contextlib.redirect_stdout(io.StringIO()):
    err=[m.bootstrap_stderr(f,items,100) for f in (m.bleu,m.chrf,m.chrfpp,m.ter)]
json.dump({"rows":rows,"all":out,"each":each,"errors":err},open(__import__('sys').argv[1],"w"),ensure_ascii=False,indent=1)

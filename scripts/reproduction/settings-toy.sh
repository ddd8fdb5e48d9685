# GEM ("Unlocking Implicit Experience", arXiv 2601.10355v1): the paper's whole experiment at the size of a toy, as
# commands of gem-traj. The same steps as on a cluster, for two cores: the offline teacher (rules, no model) instead of
# GLM-4.6, a Qwen3 of random weights instead of 8 billion trained ones, a few texts instead of 250,000. It shows that
# every step works and what each one makes. Its figures mean nothing: a random model scores 0, and that is the right
# score.
#
# Stop it whenever you like and run it again. What is done has its mark in marks/ and is not done again; what is half
# done goes on from where it was.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# ---- Settings -------------------------------------------------------------------------------------------------------

# gem-traj's checkout, installed (scripts/install).
GEM_TRAJ_HOME=${GEM_TRAJ_HOME:-@GEM_TRAJ_HOME@}

# Parts of the sample corpus: 80 documents of our own writing.
ULTRA_FINEWEB=./corpus/passages.jsonl
UNSEEN_ULTRA_FINEWEB=./corpus/unseen-passages.jsonl
WIKIHOW=./corpus/how-to.jsonl

ABLATED=${ABLATED:-12}
# The data on which agents are trained, and how many of them are benchmarked beside the base model.
AGENTS=${AGENTS:-gem no-refine no-judge synthesizer-ultra-fineweb synthesizer-wikihow}
LARGE_AGENTS=''
LARGE=0
BENCHMARKS=${BENCHMARKS:-1}
# Empty: the model that is benchmarked plays the user too.
USER_ENDPOINT=${USER_ENDPOINT:-}

SYNTH=(--config synth.yaml --offline)
SYNTH_WIKIHOW=("${SYNTH[@]}")
# What a random model writes is turned down, every time. The pipeline takes those passages over, so that the steps
# behind have rows; the run's funnel says so.
SYNTHESIZER=(--method synthesizer --endpoint synthesizer --fallback pipeline)
# What the ablation adds to ablate.yaml.
ABLATE=(--offline)
DISTILL=(--trainer trl --decontaminate bfcl tau2 --allow-offline)
TRAIN=(--set max_steps=2 --set save_steps=2)
SYNTHESIZER_RECIPE=(--recipe tiny-qwen3)
AGENT_RECIPE=(--recipe tiny-qwen3 --set task=agent)
LARGE_RECIPE=()
# The weights with which every training begins.
BASE=trainings/synthesizer/model
LARGE_BASE=''
SERVE=(--with transformers --port 0)
BFCL=(--bfcl-version 2025.6.16 --categories multi_turn_base --limit 1)
TAU2=(--domains airline --trials 1 --limit 1 --max-steps 4)

# More threads only make a model of this size slower.
export OMP_NUM_THREADS=1
# Python environments are looked for here.
ln -sfn "$GEM_TRAJ_HOME/.venvs" .venvs
environments=(trl serve)
if [[ $BENCHMARKS == 1 ]]; then environments+=(bfcl-2025 tau2); fi
for environment in "${environments[@]}"; do "$GEM_TRAJ_HOME/scripts/python-env" "$environment"; done

# The offline teacher lives in each command.
serve_teachers() { :; }

# A random model does not end by itself: its answers are cut.
after_serving() { sed -i "s/^  $1:\$/&\n    sampling: { max_tokens: 32 }/" endpoints.yaml; }

# make_run RUN INPUT [FLAG...]: a run over all of its input; the first in two shards, as a cluster would make it.
make_run() {
  local run=$1 input=$2 shard
  shift 2
  if [[ $run != gem ]]; then
    gem_traj synth --run "$run" --input "$input" "$@"
    return
  fi
  if finished "runs/$run"; then return; fi
  for shard in 1/2 2/2; do gem_traj synth --run "$run" --input "$input" "$@" --shard "$shard"; done
  gem_traj merge "$run"
}

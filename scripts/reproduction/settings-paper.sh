# GEM ("Unlocking Implicit Experience", arXiv 2601.10355v1): the paper's whole experiment, as commands of gem-traj.
#
# Read it, set what stands below, and run it where sbatch is, in tmux on a login node say: it submits jobs and waits
# for them. Stop it whenever you like and run it again. What is done has its mark in marks/ and is not done again; what
# is half done goes on from where it was. `bash -x` shows each command; --dry-run behind most of them shows what it
# would do. Where the paper is silent (sampling, seeds, de-duplication) the choices are ours and are written into
# synth.yaml, the recipes and each folder's manifest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# ---- Settings -------------------------------------------------------------------------------------------------------

# gem-traj's checkout, installed (scripts/install).
GEM_TRAJ_HOME=${GEM_TRAJ_HOME:-@GEM_TRAJ_HOME@}
# What Slurm is to be told: partition, account, GPUs a node, the Python environment of the trainers and of vLLM.
CLUSTER=${CLUSTER:-./cluster.yaml}

# Parquet files, or a folder of them. The second are passages that the synthesizer has not seen in training.
ULTRA_FINEWEB=${ULTRA_FINEWEB:?set it to Parquet files of Ultra-FineWeb}
UNSEEN_ULTRA_FINEWEB=${UNSEEN_ULTRA_FINEWEB:?set it to other Parquet files of Ultra-FineWeb}
WIKIHOW=${WIKIHOW:?set it to files of wikiHow}

# The paper's numbers: random passages, accepted trajectories.
PASSAGES=${PASSAGES:-250000}
ROWS=${ROWS:-10000}
# Passages of the ablation, where every variant sees the same ones: some 14% of them hold a workflow.
ABLATED=${ABLATED:-20000}
SHARDS=${SHARDS:-16}
# The data on which agents are trained: five trainings of 8B. Of the first three also one of 32B, unless LARGE=0.
AGENTS=${AGENTS:-gem no-refine no-judge synthesizer-ultra-fineweb synthesizer-wikihow}
LARGE_AGENTS='gem no-refine no-judge'
LARGE=${LARGE:-1}
BENCHMARKS=${BENCHMARKS:-1}
# Who plays the user in tau2-bench: GPT-4.1 in the paper. Its key is in OPENAI_API_KEY, the teacher's (GLM-4.6, the
# entry glm-4.6 of endpoints.yaml) in ZAI_API_KEY.
USER_ENDPOINT=${USER_ENDPOINT:-openai}

SYNTH=(--config synth.yaml --preset ultra-fineweb)
SYNTH_WIKIHOW=(--config synth.yaml --preset wikihow)
SYNTHESIZER=(--method synthesizer --endpoint synthesizer)
# What the ablation adds to ablate.yaml.
ABLATE=()
DISTILL=(--trainer llamafactory --decontaminate bfcl tau2)
TRAIN=(--on slurm --cluster "$CLUSTER")
SYNTHESIZER_RECIPE=(--recipe synthesizer-qwen3-8b)
AGENT_RECIPE=(--recipe gem-qwen3-8b)
LARGE_RECIPE=(--recipe gem-qwen3-32b)
BASE=Qwen/Qwen3-8B
LARGE_BASE=Qwen/Qwen3-32B
SERVE=(--with vllm --on slurm --cluster "$CLUSTER")
# The last release with V3 data, which the paper has.
BFCL=(--bfcl-version 2025.6.16 --categories multi_turn)
TAU2=(--domains airline,retail --trials 4)

# The harnesses; the trainers and vLLM are the cluster file's.
"$GEM_TRAJ_HOME/scripts/python-env" bfcl-2025
"$GEM_TRAJ_HOME/scripts/python-env" tau2

# The models beside the teacher: Qwen3-8B filters, Qwen3-32B judges.
serve_teachers() {
  serve vllm-qwen3-8b Qwen/Qwen3-8B
  serve vllm-qwen3-32b Qwen/Qwen3-32B
}

# Nothing is to be done to an endpoint once it is served.
after_serving() { :; }

# make_run RUN INPUT [FLAG...]: a run of ROWS accepted rows, in shards on Slurm; a last job merges them. It is submitted
# where it is not, gone on with where jobs ended before their time (three times at most), and waited for.
make_run() {
  local run=$1 input=$2 tries=0 standing
  shift 2
  until finished "runs/$run"; do
    standing=$(gem_traj status "$run" 2>&1 || true)
    case $standing in
      *'there is no run'* | *'Run the same command again'*)
        tries=$((tries + 1))
        if ((tries > 3)); then
          printf '%s\n%s\n' "$run does not come to its end:" "$standing" >&2
          exit 1
        fi
        gem_traj synth --run "$run" --input "$input" "$@" --limit "$PASSAGES" --target "$ROWS" \
          --on slurm --shards "$SHARDS" --cluster "$CLUSTER"
        ;;
      *'not merged'*) gem_traj merge "$run" ;;
      *)
        printf '%s  %s\n' "$(date +%H:%M)" "$(head -n 2 <<<"$standing" | tr '\n' ' ')"
        sleep "${EVERY:-60}"
        ;;
    esac
  done
}

# ---- Tools ----------------------------------------------------------------------------------------------------------

GEM_TRAJ=(node --import "file://$GEM_TRAJ_HOME/node_modules/tsx/dist/loader.mjs" "$GEM_TRAJ_HOME/scripts/gem-traj.ts")
gem_traj() { "${GEM_TRAJ[@]}" "$@"; }

# if begin STEP; then ...; ended; fi: what is between runs once.
begin() {
  if [[ -e marks/$1 ]]; then
    echo "done before: $1"
    return 1
  fi
  step=$1
  printf '\n== %s (%s)\n' "$step" "$(date '+%F %H:%M')"
}
ended() {
  mkdir -p marks
  touch "marks/$step"
}

# Whether a run's or a training's folder says that it is finished.
finished() { grep -qs '"state": "finished"' "$1/manifest.json"; }

# serve NAME MODEL: a server in the background whose endpoint is NAME, up to stop_servers or the end of this script.
servers=()
serve() {
  local log=logs/serve-$1.log
  mkdir -p logs
  # An earlier server of that name said that it was up, too.
  : >"$log"
  "${GEM_TRAJ[@]}" serve "$2" --name "$1" --save endpoints.yaml "${SERVE[@]}" >"$log" 2>&1 &
  servers+=($!)
  until grep -qs 'Ctrl-C ends it' "$log"; do
    if ! kill -0 "${servers[-1]}" 2>/dev/null; then
      printf 'the server of %s did not come up:\n' "$1" >&2
      tail -n 20 "$log" >&2
      exit 1
    fi
    sleep 0.5
  done
  after_serving "$1"
  echo "$1 is served"
}
stop_servers() {
  local server
  for server in "${servers[@]}"; do
    kill "$server" 2>/dev/null || continue
    wait "$server" || true
  done
  servers=()
}
trap stop_servers EXIT
trap 'exit 130' INT TERM

# train NAME DATA RECIPE...: begun, or gone on with; on a cluster it is left to its job.
train() {
  local out=trainings/$1 data=$2 resume=()
  shift 2
  if finished "$out"; then return; fi
  if [[ -e $out/manifest.json ]]; then
    # Its job may be there still, and one that ended unseen is written down as over.
    gem_traj train status "$out" || true
    if grep -q '"state": "running"' "$out/manifest.json" || finished "$out"; then return; fi
    resume=(--resume)
  fi
  gem_traj train "$@" --data "$data" --out "$out" "${TRAIN[@]}" "${resume[@]}"
}
# trained NAME...: waits until they are, each of them.
trained() {
  local name
  for name in "$@"; do
    if finished "trainings/$name"; then continue; fi
    gem_traj train status "trainings/$name" --follow
    if ! finished "trainings/$name"; then
      echo "trainings/$name is not finished; start this script again and it goes on" >&2
      exit 1
    fi
  done
}

# benchmark NAME MODEL: BFCL and tau2-bench by their own harnesses.
benchmark() {
  if begin "benchmark-$1"; then
    serve "$1" "$2"
    gem_traj eval bfcl --endpoint "$1" --name "$1" --out "scores/bfcl-$1" "${BFCL[@]}"
    gem_traj eval tau2 --endpoint "$1" --name "$1" --out "scores/tau2-$1" "${TAU2[@]}" \
      --user-endpoint "${USER_ENDPOINT:-$1}"
    stop_servers
    ended
  fi
}

# ---- 1. Trajectories by the pipeline: filter, extract, generate, refine, check, judge ------------------------------

if begin trajectories; then
  serve_teachers
  make_run gem "$ULTRA_FINEWEB" "${SYNTH[@]}"
  stop_servers
  ended
fi

# ---- 2. The same without refinement and without the judge: answers that are the same are not asked for again -------

if begin trajectories-ablated; then
  serve_teachers
  make_run no-refine "$ULTRA_FINEWEB" "${SYNTH[@]}" --no-refine --reuse gem
  make_run no-judge "$ULTRA_FINEWEB" "${SYNTH[@]}" --no-judge --reuse gem
  stop_servers
  ended
fi

# ---- 3. The synthesizer: passage in, tools and trajectory out, learnt from the pipeline's rows ---------------------

if begin synthesizer; then
  gem_traj distill --task synthesizer --run gem --out data/synthesizer "${DISTILL[@]}"
  train synthesizer data/synthesizer "${SYNTHESIZER_RECIPE[@]}"
  trained synthesizer
  ended
fi

# ---- 4. Its trajectories: one call a passage, on passages that it has not seen ---------------------------------------

if begin trajectories-synthesized; then
  serve_teachers
  serve synthesizer trainings/synthesizer/checkpoints
  # Random passages: few hold a workflow, and the filter finds them.
  make_run synthesizer-ultra-fineweb "$UNSEEN_ULTRA_FINEWEB" "${SYNTH[@]}" "${SYNTHESIZER[@]}" --filter
  make_run synthesizer-wikihow "$WIKIHOW" "${SYNTH_WIKIHOW[@]}" "${SYNTHESIZER[@]}"
  stop_servers
  ended
fi

# ---- 5. The agents: each kind of data, the same recipe ---------------------------------------------------------------

if begin agents; then
  for data in $AGENTS; do
    gem_traj distill --task agent --run "$data" --out "data/$data" "${DISTILL[@]}"
    train "$data-8b" "data/$data" "${AGENT_RECIPE[@]}"
    if [[ $LARGE == 1 && " $LARGE_AGENTS " == *" $data "* ]]; then
      train "$data-32b" "data/$data" "${LARGE_RECIPE[@]}"
    fi
  done
  for data in $AGENTS; do
    trained "$data-8b"
    if [[ $LARGE == 1 && " $LARGE_AGENTS " == *" $data "* ]]; then trained "$data-32b"; fi
  done
  ended
fi

# ---- 6. Benchmarks: each checkpoint beside the model that it was ------------------------------------------------------

if [[ $BENCHMARKS == 1 ]]; then
  benchmarked=(base-8b)
  benchmark base-8b "$BASE"
  for data in $AGENTS; do
    benchmark "$data-8b" "trainings/$data-8b/checkpoints"
    benchmarked+=("$data-8b")
  done
  if [[ $LARGE == 1 ]]; then
    benchmark base-32b "$LARGE_BASE"
    benchmarked+=(base-32b)
    for data in $LARGE_AGENTS; do
      if [[ " $AGENTS " != *" $data "* ]]; then continue; fi
      benchmark "$data-32b" "trainings/$data-32b/checkpoints"
      benchmarked+=("$data-32b")
    done
  fi
  # Beside the paper's rows, those of its ablation too.
  gem_traj eval scores "${benchmarked[@]/#/scores/bfcl-}" --all-paper --markdown >scores/bfcl.md
  gem_traj eval scores "${benchmarked[@]/#/scores/tau2-}" --all-paper --markdown >scores/tau2.md
fi

# ---- 7. Ablation: the same passages with and without each part, at equal passages, rows and tokens -----------------

if begin ablation; then
  serve_teachers
  serve synthesizer trainings/synthesizer/checkpoints
  gem_traj eval ablate --config ablate.yaml --input "$ULTRA_FINEWEB" --limit "$ABLATED" --out ablation \
    --reuse gem no-refine "${ABLATE[@]}"
  stop_servers
  ended
fi

# ---- 8. The report over all of it ----------------------------------------------------------------------------------

report=(runs data trainings)
if [[ $BENCHMARKS == 1 ]]; then report+=(scores); fi
gem_traj report "${report[@]}" --out report

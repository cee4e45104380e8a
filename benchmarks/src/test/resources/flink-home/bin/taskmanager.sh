#!/usr/bin/env bash
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/config.sh"
mapfile -t memory < <(ask GET_TM_RESOURCE_PARAMS)
# shellcheck disable=SC2086
launch taskmanager taskmanager ${memory[0]} org.apache.flink.runtime.taskexecutor.TaskManagerRunner \
  --configDir "$FLINK_CONF_DIR" ${memory[1]}

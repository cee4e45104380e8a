#!/usr/bin/env bash
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/config.sh"
mapfile -t memory < <(ask GET_JM_RESOURCE_PARAMS)
# shellcheck disable=SC2086
launch jobmanager jobmanager ${memory[0]} org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint \
  --configDir "$FLINK_CONF_DIR" --executionMode cluster ${memory[1]:-}
"$home/bin/taskmanager.sh" start

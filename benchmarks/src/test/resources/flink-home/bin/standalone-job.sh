#!/usr/bin/env bash
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/config.sh"
shift # start
mapfile -t memory < <(ask GET_JM_RESOURCE_PARAMS)
# shellcheck disable=SC2086
launch jobmanager jobmanager ${memory[0]} org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint \
  --configDir "$FLINK_CONF_DIR" ${memory[1]:-} "$@"

# Flink's archive is in no Maven repository. These scripts stand in for its own of the same names: they start the same
# classes with what conf/config.yaml says.
home=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
export FLINK_CONF_DIR=$home/conf FLINK_LIB_DIR=$home/lib
class_path=$(printf '%s:' "$home"/lib/*.jar)
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

# What Flink computes for its scripts, one result a line.
ask() {
  local question=$1
  shift
  "$java" -cp "$class_path" org.apache.flink.runtime.util.bash.BashJavaUtils "$question" --configDir "$FLINK_CONF_DIR" "$@" \
    | sed -n 's/^BASH_JAVA_UTILS_EXEC_RESULT://p'
}

# The JVM options of a role.
options() {
  ask UPDATE_AND_GET_FLINK_CONFIGURATION -flatten | sed -nE "s/^env\.java\.opts\.(all|$1): [\"']?([^\"']*)[\"']?\$/\2/p" | tr '\n' ' '
}

# Starts a process in the background: its name, its role, its memory flags, class and arguments.
launch() {
  local name=$1 role=$2
  shift 2
  # shellcheck disable=SC2046
  nohup "$java" $(options "$role") "-Dlog4j.configurationFile=$FLINK_CONF_DIR/log4j2.xml" -cp "$class_path" "$@" \
    >"$home/log/$name.log" 2>&1 &
  echo $! >>"$home/pids"
}

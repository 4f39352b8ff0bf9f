# Runs a server for as long as keywire lives. Usage: sh -c THIS sh FOLDER PROGRAM ARGUMENT...
#
# Standard input is a pipe whose other end keywire holds and never writes to. It closes when keywire drops the server,
# ends, crashes or is killed: then the server is killed and its folder removed. When the server ends by itself, its last
# words go to standard output, and this shell ends too.
folder=$1
shift
exec 3<&0 </dev/null
"$@" 3<&- >"$folder/log" 2>&1 &
server=$!
trap '' HUP INT QUIT TERM PIPE
# `read` is the shell's own: a `cat` would be one more process to clean up after.
(
    while read -r _ <&3; do :; done
    kill -9 "$server"
) >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait "$server"
kill -9 "$watch" 2>/dev/null
tail -n 20 "$folder/log" 2>/dev/null | tail -c 4000
rm -rf "$folder"
# The group is this shell's own: what the server may have forked (a BGSAVE, say) goes too, and the shell itself.
kill -9 0

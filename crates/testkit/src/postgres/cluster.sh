# A PostgreSQL cluster that lives as long as whoever holds this script's standard input.
# Arguments: the folder of PostgreSQL's programs ("" for PATH), the port, further lines for postgresql.conf.
# Says "ready FOLDER" once it accepts connections, "failed" otherwise; its log then follows on standard error.
trap '' HUP INT TERM
[ -z "$1" ] || PATH="$1:$PATH"
umask 077
folder=$(mktemp -d "${TMPDIR:-/tmp}/rookery-postgres.XXXXXX") || { echo failed; exit 1; }
{
    initdb -D "$folder/data" -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync &&
    printf '%s\n' "port = $2" "listen_addresses = '127.0.0.1'" "unix_socket_directories = ''" "timezone = 'UTC'" \
        "max_connections = 200" "$3" >> "$folder/data/postgresql.conf" &&
    pg_ctl -D "$folder/data" -l "$folder/log" -w start
} > "$folder/start" 2>&1 < /dev/null && echo "ready $folder" || { echo failed; cat "$folder/start" "$folder/log" >&2; }
while read -r _; do :; done
pg_ctl -D "$folder/data" -m immediate -w stop > /dev/null 2>&1 < /dev/null
rm -rf "$folder"

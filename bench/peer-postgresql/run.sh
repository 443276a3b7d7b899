#!/usr/bin/env bash
# PostgreSQL 15 and Partake take in the same file of events, on the same disk, one after the other.
# What is measured, and what favours whom: README.md.
set -euo pipefail
export LC_ALL=C # EPOCHREALTIME and awk with a point

usage() {
  cat <<'TEXT'
usage: run.sh [OPTIONS]

  --events N       how many events (default 10000000)
  --accounts N     how many accounts (default 1000000)
  --sessions N     sessions of PostgreSQL at the same time (default: the processors)
  --batch N        events in a transaction of PostgreSQL (default: a tenth of all), tried beside
                   one transaction for all of a session
  --folder FOLDER  where both write, on the disk to measure (default: TMPDIR or /var/tmp); about
                   1.5 kB an event, removed at the end
  --partake FILE   the program (default: PARTAKE, or build/release/partake of this tree)
  --seed N         seed of the events (default 1)

PostgreSQL's programs are taken from POSTGRES_BIN (default: /usr/lib/postgresql/15/bin).
TEXT
}
refuse() {
  echo "run.sh: $1" >&2
  exit 2
}

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
events=10000000
accounts=1000000
batch=
sessions=$(nproc)
seed=1
folder=${TMPDIR:-/var/tmp}
partake=${PARTAKE:-$root/build/release/partake}
postgres=${POSTGRES_BIN:-/usr/lib/postgresql/15/bin}

while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --events | --accounts | --batch | --sessions | --seed)
      [[ ${2:-} =~ ^[1-9][0-9]{0,8}$ ]] || refuse "$1 takes a number from 1 to 999999999"
      printf -v "${1#--}" %s "$2" ;;
    --folder | --partake)
      [ -n "${2:-}" ] || refuse "$1 takes a name"
      printf -v "${1#--}" %s "$2" ;;
    *) usage >&2; refuse "unknown option $1" ;;
  esac
  shift 2
done
batch=${batch:-$(((events + 9) / 10))}
[[ $("$postgres/postgres" --version 2>/dev/null) == *' 15.'* ]] ||
  refuse "no PostgreSQL 15 in $postgres: apt-get install postgresql-15, or set POSTGRES_BIN"
"$partake" --version >/dev/null 2>&1 ||
  refuse "no program at $partake: build the release (./dev run), or --partake FILE"
[ -d "$folder" ] || refuse "no folder $folder"
folder=$(cd "$folder" && pwd)

# PostgreSQL refuses to run as root; then it runs as the user that its package made.
as_server=()
if [ "$(id -u)" = 0 ]; then
  id postgres >/dev/null 2>&1 || refuse "root needs the user postgres, whom the package makes"
  as_server=(runuser -u postgres --)
  "${as_server[@]}" test -x "$folder" || refuse "the user postgres may not enter $folder"
fi

work=$(mktemp -d "$folder/peer.XXXXXX")
finish() {
  if [ -e "$work/server/data/postmaster.pid" ]; then
    "${as_server[@]}" "$postgres/pg_ctl" -D "$work/server/data" -m immediate stop >/dev/null || true
  fi
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

rate() { # what, seconds
  awk -v what="$1" -v events="$events" -v took="$2" 'BEGIN {
    printf "%-58s %8.1f s %9.0f events/s\n", what, took, events / took }'
}
bytes_each() { # what, bytes
  awk -v what="$1" -v events="$events" -v bytes="$2" 'BEGIN {
    printf "%-58s %8.1f B an event\n", what, bytes / events }'
}
difference() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a - b }'; }
# The smaller of two; the first may be empty.
smaller() { awk -v a="$1" -v b="$2" 'BEGIN { print a == "" || b < a ? b : a }'; }
start() {
  sync # what was written before is not waited for while measuring
  started=$EPOCHREALTIME
}
seconds() { difference "$EPOCHREALTIME" "$started"; }

awk -v events="$events" -v accounts="$accounts" -v seed="$seed" \
  -v json="$work/events.ndjson" -v csv="$work/events.csv" -f "$here/events.awk"
echo "$events events, $accounts accounts, $(nproc) processors"
bytes_each "the file of JSON" "$(stat -c %s "$work/events.ndjson")"
cat "$work/events.ndjson" "$work/events.csv" >/dev/null # both read it from memory

# Partake, three times into new books.

# The events are of November 2026; the books are kept as of its end.
books() { "$partake" --library "$root/library" --as-of 2026-11-29 "$@"; }
programme=example.carbon-inclusion
ours=
for _ in 1 2 3; do
  rm -rf "$work/books" "$work/tokens"
  {
    books init "$work/books" --origin bench.example/books
    books publish "$work/books" "$root/examples/carbon-inclusion"
    books source add "$work/books" gates --programme $programme --numbered --tokens "$work/tokens"
    books account open "$work/books" --programme $programme --count "$accounts" --consent gates
  } >/dev/null
  # A server opens its books once, and so does PostgreSQL before it is measured; so the time of an
  # import of nothing is taken off.
  start
  books import "$work/books" /dev/null --tokens "$work/tokens" >/dev/null
  opening=$(seconds)
  start
  books --json import "$work/books" "$work/events.ndjson" --tokens "$work/tokens" >"$work/counts"
  took=$(difference "$(seconds)" "$opening")
  credited=$(awk -F '[:,]' '/"(accepted|limited)"/ { sum += $2 } END { print sum + 0 }' \
    "$work/counts")
  [ "$credited" = "$events" ] || refuse "Partake credited $credited of $events events"
  rate "Partake, JSON (besides $opening s to open the books)" "$took"
  ours=$(smaller "$ours" "$took")
done
bytes_each "Partake, all files of the books" "$(du -s --block-size=1 "$work/books" | cut -f 1)"
rm -rf "$work/books"

# PostgreSQL.

mkdir "$work/server"
chmod 711 "$work"
chmod 700 "$work/server"
if [ "$(id -u)" = 0 ]; then chown postgres "$work/server"; fi
# In the bytes' order, which is the fastest; pages checked, as the books check theirs.
"${as_server[@]}" "$postgres/initdb" -D "$work/server/data" -A trust -U peer --data-checksums \
  --encoding=UTF8 --locale=C >"$work/log"
"${as_server[@]}" tee -a "$work/server/data/postgresql.conf" <"$here/settings.conf" >/dev/null
"${as_server[@]}" "$postgres/pg_ctl" -D "$work/server/data" -l "$work/server/log" -w \
  -o "-k '$work/server'" start >"$work/log" ||
  refuse "PostgreSQL did not start: $("${as_server[@]}" tail -n 5 "$work/server/log")"

export PGHOST=$work/server PGUSER=peer PGDATABASE=peer PGOPTIONS='-c client_min_messages=warning'
# Debian's /usr/bin/psql is a wrapper that takes longer to start.
sql() { "$postgres/psql" -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }
export -f sql
export postgres

# Takes the file in from new tables on: form, sessions, events in a transaction. Sets `took`. Each
# session takes its share of the lines, and of those one transaction after the other.
load() {
  local form=$1 sessions=$2 batch=$3 file=$work/events.$1 each=$3 share pid pids=() sums total
  if [ "$form" = json ]; then file=$work/events.ndjson; fi
  if [ "$batch" = "$events" ]; then each=all; fi
  sql -d postgres -c "drop database if exists peer" -c "create database peer"
  sql -v accounts="$accounts" -f "$here/schema.sql"
  sql -d postgres -c checkpoint
  log_start=$(sql -c 'select pg_current_wal_insert_lsn()')
  start
  for ((share = 1; share <= sessions; ++share)); do
    split -n "l/$share/$sessions" "$file" |
      SHELL=/bin/bash split -l "$batch" --filter="sql -f '$here/load-$form.sql'" - &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || refuse "PostgreSQL could not load $file"; done
  took=$(seconds)
  # Every event once, two postings each, and balances that say so.
  sums=$(sql -c 'select (select count(*) from events), (select count(*) from postings),
    (select -balance from accounts where account = 0),
    (select sum(balance) from accounts where account > 0)')
  total=$((events * 105000))
  [ "$sums" = "$events|$((2 * events))|$total|$total" ] ||
    refuse "PostgreSQL's sums are wrong: $sums"
  rate "PostgreSQL, $form, sessions: $sessions, events a transaction: $each" "$took"
  awk -v ours="$ours" -v took="$took" 'BEGIN {
    printf "  Partake at its best is %.1f times as fast\n", took / ours }'
}

# The best way of three, and then the same with the fields already split.
theirs=
ways=("1 $events" "$sessions $events" "$sessions $batch")
for way in "${ways[@]}"; do
  read -r used_sessions used_batch <<<"$way"
  load json "$used_sessions" "$used_batch"
  theirs=$(smaller "$theirs" "$took")
  if [ "$theirs" = "$took" ]; then best=$way; fi
done
read -r used_sessions used_batch <<<"$best"
load csv "$used_sessions" "$used_batch"
bytes_each "PostgreSQL, tables of events and postings, index" \
  "$(sql -c "select pg_total_relation_size('events') + pg_total_relation_size('postings')")"
bytes_each "PostgreSQL, its log (WAL)" \
  "$(sql -c "select pg_current_wal_insert_lsn() - '$log_start'::pg_lsn")"

#!/usr/bin/env bash
# Makes books in FOLDER, publishes the programme, takes the sample events in, shows and verifies.
# Environment: PARTAKE, the program (default: partake).
set -euo pipefail
folder=${1:?usage: play.sh FOLDER}
here=$(cd "$(dirname "$0")" && pwd)
# The events are of November 2026; the books are kept as of that month.
# The sources' tokens, for their owner only; the books keep nothing but their hashes.
tokens=$folder.tokens
partake() { "${PARTAKE:-partake}" --as-of 2026-11-05 "$@"; }

partake init "$folder" --origin example.org/carbon-inclusion
partake publish "$folder" "$here"
partake source add "$folder" metro-gates --programme example.carbon-inclusion --numbered --tokens "$tokens"
partake source add "$folder" traveller-app --programme example.carbon-inclusion --tier C --tokens "$tokens"
partake source add "$folder" phone-steps --programme example.carbon-inclusion --tier B --tokens "$tokens"
partake account open "$folder" --programme example.carbon-inclusion --count 5 \
  --consent metro-gates --consent traveller-app --consent phone-steps
partake import "$folder" "$here/events.ndjson" --tokens "$tokens" || [ $? = 1 ] # 1: some wait in quarantine
partake import "$folder" "$here/gates.csv" --mapping "$here/mapping.toml" --tokens "$tokens" || [ $? = 1 ]
partake quarantine list "$folder"
partake balance "$folder"
partake passbook "$folder" 0000000195
partake journal checkpoint "$folder" >/dev/null
partake receipt make "$folder" --account 0000000195 -o "$folder/receipt.json"
partake receipt check "$folder/receipt.json" --key "$(sed -n 2p "$folder/books")"
partake snapshot "$folder"
partake verify "$folder"

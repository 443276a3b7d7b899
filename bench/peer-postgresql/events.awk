# Makes the events that both take in: the bus trips of `partake bench` (same fields, same sizes,
# four weeks, in no order of time or account), once as lines of JSON and once as CSV with the
# fields already split. Variables: events, accounts, seed, json and csv (the files).

# Park and Miller's generator with the factor 48271: below 2^47, so exact in awk's numbers, and the
# same file everywhere.
function below(limit) {
  state = state * 48271 % 2147483647
  return state % limit
}

# The account's number as people write it: its place from 1 on, two check digits, whole 1 modulo 97
# (docs/events.md).
function account(place) {
  return sprintf("%010.0f", 100 * place + 98 - 100 * place % 97)
}

BEGIN {
  state = seed
  for (at = 1; at <= events; ++at) {
    subject = account(1 + below(accounts))
    second = below(28 * 86400)
    time = sprintf("2026-11-%02dT%02d:%02d:%02d+08:00", 1 + int(second / 86400),
                   int(second / 3600) % 24, int(second / 60) % 60, second % 60)
    printf "{\"specversion\":\"1.0\",\"id\":\"%d\",\"source\":\"gates\",\"type\":\"trip.bus\"," \
           "\"subject\":\"%s\",\"time\":\"%s\",\"sequence\":\"%d\",\"data\":{\"trips\":1}}\n",
           at, subject, time, at > json
    printf "gates,trip.bus,%s,%s,%d,1\n", subject, time, at > csv
  }
}

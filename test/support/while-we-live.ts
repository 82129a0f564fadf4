/** Runs a command in the background, and ends its whole group when nobody can write to standard input any more. */
const script = `
exec 3<&0
"$@" </dev/null 3<&- &
helper=$!
{ read -r _ <&3; kill -KILL -$$; } >/dev/null 2>&1 &
watchdog=$!
wait $helper
code=$?
kill -KILL $watchdog
exit $code
`

/**
 * A command for a process that lives longer than one question, as a bot: started with `detached: true` and a
 * pipe as standard input, it and all that it starts end with this process, however that ends.
 */
export const whileWeLive = (...command: readonly string[]): [string, ...string[]] => [
  '/bin/sh',
  '-c',
  script,
  'sh',
  ...command,
]

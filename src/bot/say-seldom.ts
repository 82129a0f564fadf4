/** Passes each text on at most once a minute: what strangers cause must not fill the log. */
export const saySeldom = (
  say: (text: string) => void,
  now: () => Date,
): ((text: string) => void) => {
  const said = new Map<string, number>()
  return text => {
    const at = now().getTime()
    if (at - (said.get(text) ?? -Infinity) < 60_000) return
    said.set(text, at)
    say(text)
  }
}

/** Cleans text of secret values that were registered, in every form in which they may turn up. */
export type Redactor = Readonly<{
  /** Registers a value; values of fewer than four characters are too common to look for. */
  add: (secret: string) => void
  /** The text with each registered value and its encodings replaced by `[redacted]`. */
  clean: (text: string) => string
}>

const shortest = 4

/** base64 in each of the three alignments that a value can have inside a longer text, without its edges. */
const base64Forms = (secret: string): readonly string[] =>
  [0, 1, 2].flatMap(shift => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)])
    // Characters that also carry bits of a neighbour are unknown, so they are cut off.
    const core = bytes
      .toString('base64')
      .slice(Math.ceil((shift * 8) / 6), Math.floor((bytes.length * 8) / 6))
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')]
  })

// By way of bytes: half of a surrogate pair would throw.
const urlEncoded = (secret: string): string => encodeURIComponent(Buffer.from(secret).toString())

/** Creates a redactor that knows nothing yet. */
export const createRedactor = (): Redactor => {
  const forms = new Set<string>()
  return {
    add: secret => {
      if (secret.length < shortest) return
      const json = JSON.stringify(secret).slice(1, -1)
      for (const form of [secret, json, urlEncoded(secret), ...base64Forms(secret)]) forms.add(form)
    },
    clean: text =>
      // Longest first: a short form must not cut a longer one in two.
      [...forms]
        .sort((a, b) => b.length - a.length)
        .reduce((cleaned, form) => cleaned.replaceAll(form, '[redacted]'), text),
  }
}

/** The forms of one value: those that stand as they are, and those that line breaks may cut anywhere. */
export type Forms = Readonly<{ plain: readonly string[]; wrapped: readonly string[] }>

/** Longer values, such as a kubeconfig, are looked for in fewer forms: each costs memory for every character. */
const longest = 512
const shortest = 4

/** Every form in which a value may turn up. */
export const formsOf = (secret: string): Forms => {
  const json = escaped(secret)
  const once = [...new Set([secret, json, asciiOf(json)])].flatMap(base64Forms)
  // What spans lines may be indented, as in YAML.
  const joined = secret.replace(/\s*[\r\n]\s*/g, '')
  const isLong = secret.length > longest
  return {
    plain: distinct([secret, json, ...(isLong ? [] : rarer(secret, json))]),
    wrapped: distinct([
      ...once,
      ...(isLong ? [] : once.flatMap(base64Forms)),
      ...(joined === secret ? [] : [joined]),
    ]),
  }
}

const distinct = (forms: readonly string[]): readonly string[] => [
  ...new Set(forms.filter(form => form.length >= shortest)),
]

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1)

const rarer = (secret: string, json: string): readonly string[] => {
  const url = urlForms(secret)
  const hex = Buffer.from(secret).toString('hex')
  return [
    // JSON in JSON; as Go and Python write it; YAML in single quotes.
    escaped(json),
    goOf(json),
    asciiOf(json),
    secret.replaceAll("'", "''"),
    ...url,
    ...url.map(form => form.replace(/%[0-9A-F]{2}/g, code => code.toLowerCase())),
    hex,
    hex.toUpperCase(),
  ]
}

const unicodeEscape = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

const goOf = (json: string): string => json.replace(/[<>&]/g, unicodeEscape)
const asciiOf = (json: string): string => json.replace(/[\u0080-\uFFFF]/g, unicodeEscape)

const urlForms = (secret: string): readonly string[] => {
  // By way of bytes: half of a surrogate pair would throw.
  const text = Buffer.from(secret).toString()
  const address = new URL('http://host')
  address.password = text
  return [
    encodeURIComponent(text),
    new URLSearchParams({ '': text }).toString().slice(1),
    address.password,
  ]
}

/** base64 in each of the three alignments that a value can have inside a longer text, without its edges. */
const base64Forms = (text: string): readonly string[] =>
  [0, 1, 2].flatMap(shift => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)])
    // Characters that also carry bits of a neighbour are unknown, so they are cut off.
    const core = bytes
      .toString('base64')
      .slice(Math.ceil((shift * 8) / 6), Math.floor((bytes.length * 8) / 6))
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')]
  })

import { unescape } from './unescape.ts'

/** The forms of one value. */
export type Forms = Readonly<{
  /** Those that stand as they are. */
  plain: readonly string[]
  /** Those that line breaks may cut anywhere. */
  wrapped: readonly string[]
  /** Those without white space, which may be anywhere in what stands for them. */
  spaced?: readonly string[]
  /** The ones of these whose beginning alone gives away something of the value. */
  cuttable?: readonly string[]
}>

/** Longer values, such as a kubeconfig, are looked for in fewer forms: each costs memory for every character. */
const longest = 512
const shortest = 4
/** Shorter ones are often words in another case. */
const shortestInOtherCase = 8

/** Every form in which a value may turn up in a text, or in a text without its escapes. */
export const formsOf = (secret: string): Forms => {
  const json = escaped(secret)
  const isLong = secret.length > longest
  const texts = isLong ? [secret] : [secret, json, asciiOf(json)]
  const once = [...new Set(texts)].flatMap(text => base64Forms(Buffer.from(text)))
  const rare = [...once.map(form => Buffer.from(form)), ...inUtf16(secret)].flatMap(base64Forms)
  const encoded = [...once, ...(isLong ? [] : rare)]
  // A backslash at its end is read together with what comes after it.
  const read = unescape(secret).text.replace(/(?<!\\)\\+$/, '')
  const plain = [secret, read, json, ...(isLong ? [] : rarer(secret, json))]
  const lines = keyLines(secret)
  // What spans lines may be indented, as in YAML.
  const wrapped = [secret, read, ...lines].map(text => text.replace(/(?<!\s)\s*[\r\n]\s*/g, ''))
  const isOneWord = !/\s/.test(secret)
  const isOneValue = isOneWord || (!isLong && !/[\r\n]/.test(secret.trim()))
  return {
    plain: distinct([...plain, ...(isLong ? [] : inOtherCase(secret)), ...lines]),
    wrapped: distinct([...encoded, ...wrapped]),
    spaced: distinct(isOneWord ? [] : [secret, read].map(text => text.replace(/\s+/g, ''))),
    // Documents all begin alike, and not with what is secret in them.
    cuttable: distinct([...encoded, ...lines, ...(isOneValue ? [...plain, ...wrapped] : [])]),
  }
}

/** The lines of a PEM key, each of which is a part of the key. */
const keyLines = (secret: string): readonly string[] =>
  /[\r\n]/.test(secret)
    ? secret
        .split(/[\r\n]+/)
        .map(line => line.trim())
        .filter(line => /^[A-Za-z0-9+/]{32,}={0,2}$/.test(line))
    : []

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

/** Whole only: a piece of one is often a word. */
const inOtherCase = (secret: string): readonly string[] =>
  secret.length < shortestInOtherCase ? [] : [secret.toLowerCase(), secret.toUpperCase()]

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

/** As Windows writes texts, in either order of bytes. */
const inUtf16 = (text: string): readonly Buffer[] => [
  Buffer.from(text, 'utf16le'),
  Buffer.from(text, 'utf16le').swap16(),
]

/** base64 in each of the three alignments that a value can have inside a longer text, without its edges. */
const base64Forms = (text: Buffer): readonly string[] =>
  [0, 1, 2].flatMap(shift => {
    const bytes = Buffer.concat([Buffer.alloc(shift), text])
    // Characters that also carry bits of a neighbour are unknown, so they are cut off.
    const core = bytes
      .toString('base64')
      .slice(Math.ceil((shift * 8) / 6), Math.floor((bytes.length * 8) / 6))
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')]
  })

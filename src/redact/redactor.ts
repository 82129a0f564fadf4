import { formsOf } from './forms.ts'
import { createMatcher, type Matcher } from './matcher.ts'

/** Cleans text of secret values that were registered, in every form in which they may turn up. */
export type Redactor = Readonly<{
  /** Registers a value; values of fewer than four characters are too common to look for. */
  add: (secret: string) => void
  /** The text with each registered value and its encodings replaced by `[redacted]`. */
  clean: (text: string) => string
  /** Cleans a text that comes in pieces, where a value may be cut in two. */
  stream: () => RedactedStream
}>

export type RedactedStream = Readonly<{
  /** Takes text and gives back all that can be shown by now: everything but an end that may be the beginning of a value. */
  write: (text: string) => string
  /** The rest. */
  end: () => string
}>

const mark = '[redacted]'

/** Creates a redactor that knows nothing yet. */
export const createRedactor = (): Redactor => {
  const secrets = new Set<string>()
  let matcher: Matcher | null = null
  const known = (): Matcher => {
    matcher ??= createMatcher([...secrets].map(formsOf))
    return matcher
  }
  const replace = (text: string, isEnd: boolean): Readonly<{ cleaned: string; rest: string }> => {
    if (secrets.size === 0) return { cleaned: text, rest: '' }
    const { spans, open } = known().find(text, isEnd)
    const upTo = isEnd ? text.length : open
    let cleaned = ''
    let at = 0
    for (const [start, end] of spans) {
      if (start >= upTo) break
      cleaned += text.slice(at, start) + mark
      at = end
    }
    return { cleaned: cleaned + text.slice(at, upTo), rest: text.slice(upTo) }
  }
  return {
    add: secret => {
      if (secret.length < 4 || secrets.has(secret)) return
      secrets.add(secret)
      matcher = null
    },
    clean: text => replace(text, true).cleaned,
    stream: () => {
      let held = ''
      return {
        write: text => {
          const { cleaned, rest } = replace(held + text, false)
          held = rest
          return cleaned
        },
        end: () => {
          const { cleaned } = replace(held, true)
          held = ''
          return cleaned
        },
      }
    },
  }
}

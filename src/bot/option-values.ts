import { z } from 'zod'

/** Where to listen: of `host:port` both. */
export type Address = Readonly<{ host: string; port: number }>

/** Reads `host:port`. */
export const addressOf = (text: string): Address => {
  const end = text.lastIndexOf(':')
  return { host: text.slice(0, end), port: Number(text.slice(end + 1)) }
}

/** An address without user and password. */
const url = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .refine(
    text => URL.canParse(text) && new URL(text).username + new URL(text).password === '',
    'must hold no user and no password',
  )
/** The pattern of `host` or `host:port`, to its end. */
const host = String.raw`(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?$`
/** A list of hosts with commas, each as the pattern says. */
const hosts = (allowed: RegExp): z.ZodType<string[], string | undefined> =>
  z
    .string()
    .default('')
    .transform(text => text.split(',').map(each => each.trim()))
    .transform(list => list.filter(each => each !== ''))
    .refine(
      list =>
        list.every(
          each => allowed.test(each) && URL.canParse(each.replace(/^(?!http:)/i, 'http://')),
        ),
      'must be host or host:port',
    )

/** An address to listen on. */
const address = z
  .string()
  .regex(/^[^\s]+:\d{1,5}$/, 'must be host:port')
  .refine(value => addressOf(value).port < 65_536, 'must have a port below 65536')

/** An empty name would be the directory in which the bot was started. */
const named = z.string().min(1, 'must not be empty')

/** An address that git clones from, or a directory on this machine. With ssh there is a user, and a key of the person's own. */
const gitUrl = z.union(
  [
    url,
    z.string().regex(/^\/[^\p{Cc}]+$/u),
    z.string().regex(/^ssh:\/\/\w[\w.-]*@[\w[][\w.:[\]-]*\/[\w./~-]+$/),
  ],
  {
    error:
      'must be an address with https or http and without user and password, or the path of a directory from /; without GitHub also ssh://USER@HOST/PATH',
  },
)

/** A timer of more than 24 days would fire at once. */
const seconds = z.coerce
  .number('must be a number')
  .positive('must be above 0')
  .max(86_400, 'must be at most 86400')

/** One of a few words. */
const oneOf = <const Words extends readonly [string, string, ...string[]]>(
  ...words: Words
): z.ZodEnum<{ [Word in Words[number]]: Word }> =>
  z.enum(words, `must be ${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`)

/** The kinds of value that an option may hold. */
export const optionValues = { url, gitUrl, host, hosts, address, named, seconds, oneOf }

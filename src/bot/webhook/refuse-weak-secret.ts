import { InputError } from '../../errors.ts'

/** Secrets that frameworks, examples and tutorials bring along, without what parts their words. */
const known = new Set([
  ...['development', 'production', 'secret', 'password', 'changeme', 'default', 'example', 'test'],
  ...['webhook', 'github', 'sower', 'placeholder', 'redacted', 'replaceme', 'todo', 'string'],
  ...[
    'secrethere',
    'verysecret',
    'supersecret',
    'mysecret',
    'yoursecret',
    'thesecret',
    'secretkey',
  ],
])
const fillers = /^(?:my|your|the|a|github|gh|sower|webhook|hook|bot|token|key|value|here|this)+/

/**
 * Refuses a webhook secret that can be guessed: whoever knows it gives orders in anybody's name. Throws InputError
 * WEBHOOK_SECRET_WEAK, which says what is wrong with it and never quotes it.
 */
export const refuseWeakSecret = (secret: string): void => {
  const reason = weaknessOf(secret)
  if (reason === null) return
  throw new InputError('WEBHOOK_SECRET_WEAK', `starting the bot: the webhook secret ${reason}`, {
    fix: 'make one with `openssl rand -hex 32`, and put the same into the file and into the webhook on GitHub',
  })
}

const weaknessOf = (secret: string): string | null => {
  if (secret === '') return 'is empty'
  const letters = Array.from(secret)
  if (new Set(letters).size === 1) return 'is one character again and again'
  const words = secret.toLowerCase().replace(/[^a-z\d]/g, '')
  const unit = /^(.+?)\1*$/.exec(words)?.[1] ?? ''
  if (known.has(unit) || known.has(unit.replace(fillers, '')))
    return 'is a word that everybody tries'
  if (Buffer.byteLength(secret) < 16) return 'has fewer than 16 bytes'
  if (new Set(letters).size < 6 || unit.length < 6) return 'repeats the same few characters'
  const steps = letters.slice(1).filter((letter, index) => isNext(letters[index] ?? '', letter))
  return steps.length > letters.length * 0.75 ? 'is a sequence of characters' : null
}

/** Tells whether a character follows another in the alphabet or among the digits, where 0 follows 9. */
const isNext = (before: string, after: string): boolean =>
  Math.abs(after.charCodeAt(0) - before.charCodeAt(0)) === 1 || (before === '9' && after === '0')

import { fieldsOf } from '../yaml/fields-of.ts'
import { names } from '../names.ts'
import type { Guard } from './guard.ts'
import type { RenderedObject } from '../render/rendered-object.ts'

const { seedSecret: seedgen } = names

/** The push credential is unsealed on the hub from a SealedSecret; in a render it is in Git, in plain. */
export const noPlainSecret: Guard = {
  rule: 'no-plain-secret',
  refuses: `a Secret named \`${names.seedSecret}\` or with a key \`${names.authKey}\`, also inside of Policies, ManifestWorks, Lists, texts and base64`,
  because:
    'the push credential would stand in Git for everyone, and what applies it may put it back while the image is made',
  isAlways: true,
  judge: async ({ objects }) => {
    const suspects = objects.filter(({ text }) => mayHold.test(text))
    if (suspects.length === 0) return []
    const { scanText } = await import('../scan/scan-text.ts')
    const isOrHoldsIt = ({ text, value }: RenderedObject): boolean =>
      holdsSecret(value()) ||
      scanText(text, { parses: 'always' }).some(({ code }) => code === 'SEEDGEN_SECRET_PLAIN')
    return suspects.filter(isOrHoldsIt).map(object => ({
      objects: [object],
      reason: `it is, or holds, a plain Secret \`${names.seedSecret}\` or a value \`${names.authKey}\``,
      fix: 'revoke the credential, and seal a new one with `sower seal`',
    }))
  },
}

/** True if a Secret of that name or with that key stands anywhere in a value, even an empty one. */
const holdsSecret = (value: unknown): boolean => {
  const open = [value]
  while (open.length > 0) {
    const next = open.pop()
    if (typeof next === 'string' && secretKind.test(next) && ourName.test(next)) return true
    if (Array.isArray(next)) for (const item of next) open.push(item)
    const fields = fieldsOf(next)
    if (fields.get('kind') === 'Secret') {
      const keys = ['data', 'stringData'].flatMap(name => [...fieldsOf(fields.get(name)).keys()])
      const name = fieldsOf(fields.get('metadata')).get('name')
      if (name === seedgen || keys.includes(names.authKey)) return true
    }
    open.push(...fields.values())
  }
  return false
}

/** In a text that is not YAML by itself, such as the templates of a Policy. */
const secretKind = /\bkind\\*["']?\s*:\s*\\*["']?Secret\b/
const ourName = /\bseedAuth\\*["']?\s*:|\bname\\*["']?\s*:\s*\\*["']?seedgen(?![\w.-])/

/** How base64 of a text that contains a word shows it, whatever stands in front of it. */
const inBase64 = (word: string): readonly string[] =>
  [0, 1, 2].map(shift => {
    const text = Buffer.concat([Buffer.alloc(shift), Buffer.from(word)]).toString('base64')
    return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + word.length) * 8) / 6))
  })

/** Nothing else is parsed: ZTP repositories hold two other Secrets for each cluster. */
const mayHold = new RegExp(
  [names.seedSecret, names.authKey]
    .flatMap(word => [word, ...inBase64(word), ...inBase64(word).flatMap(inBase64)])
    .join('|'),
)

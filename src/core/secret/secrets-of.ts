import { readYaml } from '../yaml/read-yaml.ts'

/** Keys of kubeconfigs, with the settings of their login programs, and of authfiles. */
const secretKeys: readonly string[] = [
  ...['client-key-data', 'token', 'password', 'access-token', 'id-token', 'refresh-token'],
  ...['client-secret', 'auth', 'identitytoken', 'registrytoken'],
]
const quoted = new RegExp(`["']?(${secretKeys.join('|')})["']?\\s*:\\s*["']?([^\\s"',}]+)`, 'g')

/**
 * All that must not be shown of a kubeconfig or an authfile (YAML or JSON): the whole of it, and each credential
 * in it, decoded too. Also of one that nobody could use: an error may quote it.
 */
export const secretsOf = (document: string): readonly string[] => {
  const found = [...new Set([document.trim(), ...pairsIn(document).flatMap(partsOf)])]
  return found.filter(secret => secret !== '')
}

type Pair = readonly [key: string, value: string]

const pairsIn = (document: string): readonly Pair[] => {
  try {
    return leavesOf(
      '',
      readYaml(document, reason => new Error(reason)),
    )
  } catch {
    return [...document.matchAll(quoted)].map(([, key = '', value = '']) => [key, value])
  }
}

const leavesOf = (key: string, value: unknown): readonly Pair[] => {
  if (typeof value === 'string' || typeof value === 'number')
    return secretKeys.includes(key) ? [[key, String(value)]] : []
  if (typeof value !== 'object' || value === null) return []
  // An environment variable of a login program.
  const { name, value: content } = Object.fromEntries(Object.entries(value))
  if (/token|secret|password|key/i.test(String(name)) && typeof content === 'string')
    return [['token', content]]
  return Object.entries(value).flatMap(([inner, item]) => leavesOf(inner, item))
}

const partsOf = ([key, value]: Pair): readonly string[] => {
  if (key !== 'auth' && key !== 'client-key-data') return [value]
  const decoded = Buffer.from(value, 'base64').toString('utf8')
  if (key === 'client-key-data') return [value, decoded.trim()]
  // A user alone is not a secret, and a pair begins with it: without its password a pair tells nothing.
  const password = decoded.slice(decoded.indexOf(':') + 1).replace(/^\0+|(?<!\0)\0+$/g, '')
  return [value, password.length < 4 ? decoded : password]
}

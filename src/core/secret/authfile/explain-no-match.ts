import type { ErrorCode, RefusedError } from '../../../errors.ts'
import type { ImageReference } from '../../seedgen/image-reference.ts'
import { coveringKeys, keysFor } from './covering-keys.ts'
import { refusedAuthfile } from './refused-authfile.ts'

type Explanation = Readonly<{ code: ErrorCode; reason: string; fix: string }>

/** Why no key of an authfile covers an image: the nearest miss, which keys there are and which would do. */
export const explainNoMatch = (keys: readonly string[], image: ImageReference): RefusedError => {
  const { registry, repository } = image
  const near = nearMiss(keys, image)
  const there = keys.length === 0 ? 'no registry' : nameKeys(keys)
  return refusedAuthfile(
    near?.code ?? 'AUTHFILE_NO_MATCH',
    `it holds nothing for ${registry}/${repository}, only for ${there}${near ? `: ${near.reason}` : ''}; podman would take ${keysFor(image).toReversed().join(' or ')}`,
    near?.fix ?? `log in to that registry: podman login --authfile FILE ${registry}`,
  )
}

const nearMiss = (keys: readonly string[], image: ImageReference): Explanation | undefined => {
  const whole = `${image.registry}/${image.repository}`
  const covers = (key: string): boolean => coveringKeys([key], image).length > 0
  const rename = (to: string): string => `name the entry ${to}`
  for (const key of keys) {
    const shown = nameKeys([key])
    const lower = key.toLowerCase()
    const bare = key.replace(/\/+$/, '')
    const untagged = key.includes('://') ? key : key.replace(/(?<=\/[^/]*)[:@][^/]*$/, '')
    if (covers(lower))
      return {
        code: 'AUTHFILE_KEY_CASE',
        reason: `${shown} has capital letters, which podman does not match to small ones`,
        fix: rename(lower),
      }
    if (covers(bare))
      return {
        code: 'AUTHFILE_TRAILING_SLASH',
        reason: `${shown} ends with a slash, so podman never finds it`,
        fix: rename(bare),
      }
    if (covers(untagged))
      return {
        code: 'AUTHFILE_KEY_TAG',
        reason: `${shown} has a tag or digest, and podman looks without`,
        fix: rename(untagged),
      }
    if (key.startsWith(`${image.registry}/`) && whole.startsWith(key))
      return {
        code: 'AUTHFILE_PARTIAL_SEGMENT',
        reason: `${shown} ends within a name, and podman compares whole ones`,
        fix: `log in again: podman login --authfile FILE ${keysFor(image).findLast(candidate => candidate.length > key.length)}`,
      }
  }
  return elsewhere(keys, image)
}

/** A login to the right host, but for another port or another place there. */
const elsewhere = (keys: readonly string[], image: ImageReference): Explanation | undefined => {
  const withoutPort = (host: string): string => host.replace(/:[0-9]+$/, '')
  const at = (key: string): string => key.replace(/^https?:\/\//, '').replace(/\/[^]*$/, '')
  const there = keys.find(key => at(key) === image.registry)
  if (there !== undefined)
    return {
      code: 'AUTHFILE_OTHER_NAMESPACE',
      reason: `${nameKeys([there])} is another place on the same registry`,
      fix: `log in where the image goes: podman login --authfile FILE ${image.registry}/${image.repository.replace(/\/[^]*/, '')}`,
    }
  const other = keys.find(key => withoutPort(at(key)) === withoutPort(image.registry))
  if (other === undefined) return undefined
  return {
    code: 'AUTHFILE_OTHER_PORT',
    reason: `${nameKeys([other])} is another port of that host`,
    fix: `log in to the port in the image: podman login --authfile FILE ${image.registry}`,
  }
}

const shownAtMost = 8

/** Keys of `auths` for a message. A key may be a URL with a password in it, or hold anything at all. */
export const nameKeys = (keys: readonly string[]): string => {
  const named = keys
    .slice(0, shownAtMost)
    .map(key =>
      /^[!-~]{1,200}$/.test(key)
        ? key.replace(/^[^]*@/, '…@')
        : `a key of ${key.length} characters`,
    )
  const more = keys.length - named.length
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

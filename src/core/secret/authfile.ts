import { z } from 'zod'
import { RefusedError } from '../../errors.ts'
import type { ImageReference } from '../seedgen/image-reference.ts'

/** What an authfile holds for one image. The password must not leave the caller's hands. */
export type Credential = Readonly<{
  /** The key of `auths` that covers the image, such as `quay.io/org`. */
  key: string
  username: string
  password: string
}>

const authfile = z.looseObject({
  auths: z.record(z.string(), z.looseObject({ auth: z.string().optional() })),
})

/**
 * The credential that containers/image would use to push an image: the longest key of `auths` that is the
 * image's registry followed by whole path segments, without falling through to a shorter one
 * (pkg/docker/config/config.go:801-846).
 * Throws RefusedError AUTHFILE_INVALID or AUTHFILE_NO_MATCH. No message holds anything of the file but the
 * keys of `auths`; Node's own JSON errors quote their input and are dropped.
 */
export const credentialFor = (bytes: Uint8Array, image: ImageReference): Credential => {
  const { auths } = parseAuthfile(bytes)
  const segments = `${image.registry}/${image.repository}`.split('/')
  const keys = segments.map((_, index) => segments.slice(0, segments.length - index).join('/'))
  const key = keys.find(candidate => auths[candidate] !== undefined)
  if (key === undefined)
    throw new RefusedError(
      'AUTHFILE_NO_MATCH',
      `reading the authfile: it holds nothing for ${image.registry}/${image.repository}, only for ${Object.keys(auths).join(', ') || 'no registry'}`,
      { fix: `log in to that registry: podman login --authfile FILE ${image.registry}` },
    )
  const decoded = Buffer.from(auths[key]?.auth ?? '', 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  if (colon < 1) throw invalid(`its entry ${key} has no \`auth\` of the form base64(user:password)`)
  return { key, username: decoded.slice(0, colon), password: decoded.slice(colon + 1) }
}

const parseAuthfile = (bytes: Uint8Array): z.infer<typeof authfile> => {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    throw invalid('it is not JSON')
  }
  const parsed = authfile.safeParse(value)
  if (!parsed.success) throw invalid('it has no `auths` mapping of registries')
  return parsed.data
}

const invalid = (reason: string): RefusedError =>
  new RefusedError('AUTHFILE_INVALID', `reading the authfile: ${reason}`, {
    fix: 'write it with `podman login --authfile FILE REGISTRY` and pass the file itself',
  })

/** The authfile reduced to the one entry of that key, as canonical JSON: least privilege. */
export const reduceAuthfile = (bytes: Uint8Array, key: string): Buffer =>
  Buffer.from(JSON.stringify({ auths: { [key]: { auth: parseAuthfile(bytes).auths[key]?.auth } } }))

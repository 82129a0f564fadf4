import { z } from 'zod'

const authfileSchema = z.looseObject({
  auths: z.record(z.string(), z.looseObject({ auth: z.string().default('') })).default({}),
  credHelpers: z.record(z.string(), z.string()).default({}),
})

const normalised = (key: string): string => {
  const host = key.replace(/^https?:\/\//, '').split('/', 1)[0] ?? ''
  return host === 'docker.io' || host === 'registry-1.docker.io' ? 'index.docker.io' : host
}

/**
 * Finds `user:password` for an image in an authfile as podman does (container-libs
 * image/pkg/docker/config/config.go:801-902): helpers first, then the longest path, then the host alone;
 * the first hit wins even when it is empty. Undefined means: push without a credential.
 */
export const findCredential = (
  authfile: string,
  { registry, repository }: Readonly<{ registry: string; repository: string }>,
): string | undefined => {
  const parsed: unknown = JSON.parse(authfile)
  const { auths, credHelpers } = authfileSchema.parse(parsed)
  const helper = credHelpers[registry]
  if (helper !== undefined)
    throw new Error(`exec: "docker-credential-${helper}": executable file not found in $PATH`)
  const parts = [registry, ...repository.split('/')]
  const exact = parts
    .map((_, position) => parts.slice(0, parts.length - position).join('/'))
    .find(key => key in auths)
  const key = exact ?? Object.keys(auths).find(entry => normalised(entry) === normalised(registry))
  const decoded = Buffer.from(auths[key ?? '']?.auth ?? '', 'base64').toString()
  // Without a colon it is silently no credential (:879-902).
  return decoded.includes(':') ? decoded.replaceAll('\0', '') : undefined
}

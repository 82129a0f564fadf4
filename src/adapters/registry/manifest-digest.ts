import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { SeedImage } from '../../core/seedgen/prove-image.ts'

const imageTypes = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
]
const indexTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
]

/** The types that a tag may point to. Without the indexes a registry says that such a tag is not there, or chooses from it. */
export const acceptedTypes = [...imageTypes, ...indexTypes].join(', ')

const digest = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/

/** True if a text is a digest, and so may stand in a path. */
export const isDigest = (text: unknown): text is string =>
  typeof text === 'string' && digest.test(text)

const digestOf = (bytes: Uint8Array, algorithm: string): string =>
  `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`

/** True if bytes have a digest. */
export const hasDigest = (bytes: Uint8Array, expected: string): boolean =>
  isDigest(expected) && digestOf(bytes, expected.slice(0, 6)) === expected

/** The digest of a manifest: that of its bytes, which the registry's header must agree with. */
export const manifestDigest = (bytes: Uint8Array, header: unknown): string => {
  if (header === undefined) return digestOf(bytes, 'sha256')
  if (isDigest(header) && hasDigest(bytes, header)) return header
  throw new Error('the manifest does not have the digest that the registry says')
}

// What is both would be read as one by some programs and as the other by some (CVE-2021-41190).
const none = z.undefined().optional()
const imageManifest = z.looseObject({
  schemaVersion: z.literal(2),
  config: z.looseObject({ digest: z.string().regex(digest) }),
  manifests: none,
})
const imageIndex = z.looseObject({
  schemaVersion: z.literal(2),
  manifests: z.array(z.unknown()),
  config: none,
  layers: none,
})

/** The digest of an image's configuration; null for an index, which has none. Throws for everything else. */
export const configDigest = (bytes: Uint8Array): string | null => {
  const value = readJson(bytes)
  const image = imageManifest.safeParse(value)
  if (image.success) return image.data.config.digest
  if (imageIndex.safeParse(value).success) return null
  throw new Error('the manifest is not one of an image or an index, schema 2')
}

const imageConfig = z.looseObject({
  config: z.looseObject({ Labels: z.record(z.string(), z.string()).nullish() }).optional(),
})
const clusterInfo = z.looseObject({
  cluster_name: z.string().optional(),
  seed_cluster_ocp_version: z.string().optional(),
  has_proxy: z.boolean().optional(),
  has_fips: z.boolean().optional(),
})
const labelPrefix = 'com.openshift.lifecycle-agent.'

/** The labels that the Lifecycle Agent puts on a seed image; null for each that is not there or not readable. */
export const seedLabels = (config: Uint8Array): Omit<SeedImage, 'digest'> => {
  const labels = imageConfig.safeParse(readJson(config)).data?.config?.Labels ?? {}
  const info = clusterInfo.safeParse(
    readJson(Buffer.from(labels[`${labelPrefix}seed_cluster_info`] ?? '')),
  )
  return {
    format: labels[`${labelPrefix}seed_format_version`] ?? null,
    cluster: info.data?.cluster_name ?? null,
    version: info.data?.seed_cluster_ocp_version ?? null,
    hasProxy: info.data?.has_proxy ?? null,
    hasFips: info.data?.has_fips ?? null,
  }
}

const notFound = z.looseObject({
  errors: z.array(z.looseObject({ code: z.string() })).min(1),
})

/** True if a 404 was written by a registry: the page of a gateway in trouble does not say "not there". */
export const saysNotFound = (body: Uint8Array): boolean =>
  notFound.safeParse(readJson(body)).success

const readJson = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return undefined
  }
}

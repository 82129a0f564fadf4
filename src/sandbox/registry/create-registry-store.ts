import { createHash, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { RegistryError } from './registry-error.ts'

/** A manifest as it was pushed: byte for byte, so that its digest holds. */
export type Manifest = Readonly<{ digest: string; mediaType: string; content: Buffer }>

type Repository = Readonly<{
  blobs: Map<string, Buffer>
  manifests: Map<string, Manifest>
  tags: Map<string, string>
  uploads: Map<string, Buffer>
}>

const Descriptor = z.looseObject({ digest: z.string(), mediaType: z.string().optional() })

const ManifestContent = z.looseObject({
  mediaType: z.string().optional(),
  config: Descriptor.optional(),
  layers: z.array(Descriptor).optional(),
  manifests: z.array(Descriptor).optional(),
})

/** `sha256:…` of some content. */
export const digestOf = (content: Buffer): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`

const parseManifest = (content: Buffer): z.infer<typeof ManifestContent> => {
  try {
    return ManifestContent.parse(JSON.parse(content.toString()))
  } catch (error) {
    throw new RegistryError(400, 'MANIFEST_INVALID', `manifest invalid: ${String(error)}`)
  }
}

const isDigest = (reference: string): boolean => reference.startsWith('sha256:')

/** The contents of one repository of the registry. */
export type RepositoryStore = Readonly<{
  blob: (digest: string) => Buffer
  manifest: (reference: string) => Manifest
  /** Keeps a manifest under a tag or its digest; its blobs must be there. */
  putManifest: (of: Readonly<{ reference: string; mediaType: string; content: Buffer }>) => Manifest
  tags: () => string[]
  startUpload: () => string
  upload: (id: string) => Buffer
  append: (id: string, chunk: Buffer) => Buffer
  /** Ends an upload; 400 DIGEST_INVALID when the content has another digest. */
  finish: (id: string, digest: string) => void
  cancel: (id: string) => void
  /** Copies a blob from another repository; false when it is not there. */
  mount: (digest: string, from: RepositoryStore) => boolean
}>

const createRepository = (name: string): RepositoryStore => {
  const { blobs, manifests, tags, uploads }: Repository = {
    blobs: new Map(),
    manifests: new Map(),
    tags: new Map(),
    uploads: new Map(),
  }
  const upload = (id: string): Buffer => {
    const found = uploads.get(id)
    if (!found) throw new RegistryError(404, 'BLOB_UPLOAD_UNKNOWN', 'blob upload unknown')
    return found
  }
  const blob = (digest: string): Buffer => {
    const found = blobs.get(digest)
    if (!found) throw new RegistryError(404, 'BLOB_UNKNOWN', 'blob unknown to registry')
    return found
  }
  const checkReferences = (content: Buffer): void => {
    const { config, layers = [], manifests: children = [] } = parseManifest(content)
    for (const { digest } of [...(config ? [config] : []), ...layers])
      if (!blobs.has(digest))
        throw new RegistryError(404, 'MANIFEST_BLOB_UNKNOWN', `blob unknown: ${digest}`)
    for (const { digest } of children)
      if (!manifests.has(digest))
        throw new RegistryError(404, 'MANIFEST_BLOB_UNKNOWN', `manifest unknown: ${digest}`)
  }
  return {
    blob,
    upload,
    manifest: reference => {
      const digest = isDigest(reference) ? reference : (tags.get(reference) ?? '')
      const found = manifests.get(digest)
      if (!found)
        throw new RegistryError(404, 'MANIFEST_UNKNOWN', `manifest unknown: ${name}:${reference}`)
      return found
    },
    putManifest: ({ reference, mediaType, content }) => {
      const digest = digestOf(content)
      if (isDigest(reference) && reference !== digest)
        throw new RegistryError(400, 'DIGEST_INVALID', 'provided digest did not match the content')
      checkReferences(content)
      const manifest = { digest, mediaType, content }
      manifests.set(digest, manifest)
      if (!isDigest(reference)) tags.set(reference, digest)
      return manifest
    },
    tags: () => [...tags.keys()].sort(),
    startUpload: () => {
      const id = randomUUID()
      uploads.set(id, Buffer.alloc(0))
      return id
    },
    append: (id, chunk) => {
      const content = Buffer.concat([upload(id), chunk])
      uploads.set(id, content)
      return content
    },
    finish: (id, digest) => {
      const content = upload(id)
      if (digestOf(content) !== digest)
        throw new RegistryError(400, 'DIGEST_INVALID', 'provided digest did not match the content')
      blobs.set(digest, content)
      uploads.delete(id)
    },
    cancel: id => {
      upload(id)
      uploads.delete(id)
    },
    mount: (digest, from) => {
      try {
        blobs.set(digest, from.blob(digest))
        return true
      } catch (error) {
        if (error instanceof RegistryError) return false
        throw error
      }
    },
  }
}

/** Creates the registry's memory; a repository is there from its first push on. */
export const createRegistryStore = (): Readonly<{
  repository: (name: string) => RepositoryStore
}> => {
  const repositories = new Map<string, RepositoryStore>()
  return {
    repository: name => {
      const found = repositories.get(name) ?? createRepository(name)
      repositories.set(name, found)
      return found
    },
  }
}

import { authenticate, authorize } from './authenticate.ts'
import { RegistryError } from './registry-error.ts'
import { digestOf } from './create-registry-store.ts'
import type { Tell } from '../world.ts'
import type { Account } from './authenticate.ts'
import type { createRegistryStore, RepositoryStore } from './create-registry-store.ts'

/** One HTTP request to the registry. */
export type RegistryRequest = Readonly<{
  method: string
  path: string
  query: URLSearchParams
  authorization: string | undefined
  contentType: string
  contentRange: string | undefined
  body: Buffer
}>

/** A response of the registry. */
export type RegistryAnswer = Readonly<{
  status: number
  headers: Readonly<Record<string, string>>
  body: Buffer
}>

/** The parts that the registry works on. */
export type Registry = Readonly<{
  accounts: readonly Account[]
  store: ReturnType<typeof createRegistryStore>
  tell: Tell
}>

type Call = Readonly<{
  registry: Registry
  account: Account
  request: RegistryRequest
  name: string
  repository: RepositoryStore
  /** Tag, digest or upload id. */
  reference: string
}>

const nothing = Buffer.alloc(0)

const unsupported = (): RegistryError =>
  new RegistryError(405, 'UNSUPPORTED', 'the operation is unsupported')

const progressOf = ({ name }: Call, id: string, content: Buffer): Record<string, string> => ({
  location: `/v2/${name}/blobs/uploads/${id}`,
  range: `0-${Math.max(0, content.length - 1)}`,
  'docker-upload-uuid': id,
})

const created = ({ name }: Call, digest: string): RegistryAnswer => ({
  status: 201,
  headers: { location: `/v2/${name}/blobs/${digest}`, 'docker-content-digest': digest },
  body: nothing,
})

const startUpload = (call: Call): RegistryAnswer => {
  const { registry, repository, request } = call
  const [mount, from, digest] = ['mount', 'from', 'digest'].map(each => request.query.get(each))
  if (mount && from && mayRead(call, from)) {
    if (repository.mount(mount, registry.store.repository(from))) return created(call, mount)
  }
  const id = repository.startUpload()
  if (digest) {
    repository.append(id, request.body)
    repository.finish(id, digest)
    return created(call, digest)
  }
  return { status: 202, headers: progressOf(call, id, nothing), body: nothing }
}

const mayRead = ({ account }: Call, repository: string): boolean => {
  try {
    authorize(account, { repository, writes: false })
    return true
  } catch (error) {
    if (error instanceof RegistryError) return false
    throw error
  }
}

const patchUpload = (call: Call): RegistryAnswer => {
  const { repository, reference, request } = call
  const start = request.contentRange?.split('-')[0]
  // A chunk must begin where the last one ended.
  if (start !== undefined && Number(start) !== repository.upload(reference).length)
    throw new RegistryError(416, 'BLOB_UPLOAD_INVALID', 'the chunk is out of order')
  const content = repository.append(reference, request.body)
  return { status: 202, headers: progressOf(call, reference, content), body: nothing }
}

const answerUpload = (call: Call): RegistryAnswer => {
  const { repository, reference, request } = call
  switch (request.method) {
    case 'PATCH':
      return patchUpload(call)
    case 'PUT': {
      const digest = request.query.get('digest') ?? ''
      repository.append(reference, request.body)
      repository.finish(reference, digest)
      return created(call, digest)
    }
    case 'GET': {
      const content = repository.upload(reference)
      return { status: 204, headers: progressOf(call, reference, content), body: nothing }
    }
    case 'DELETE':
      repository.cancel(reference)
      return { status: 204, headers: {}, body: nothing }
    default:
      throw unsupported()
  }
}

const answerBlob = ({ repository, reference, request }: Call): RegistryAnswer => {
  if (!['GET', 'HEAD'].includes(request.method)) throw unsupported()
  const body = repository.blob(reference)
  const headers = {
    'content-type': 'application/octet-stream',
    'docker-content-digest': digestOf(body),
  }
  return { status: 200, headers, body }
}

const answerManifest = (call: Call): RegistryAnswer => {
  const { registry, name, repository, reference, request } = call
  switch (request.method) {
    case 'GET':
    case 'HEAD': {
      const { digest, mediaType, content } = repository.manifest(reference)
      const headers = { 'content-type': mediaType, 'docker-content-digest': digest }
      return { status: 200, headers, body: content }
    }
    case 'PUT': {
      const { digest } = repository.putManifest({
        reference,
        mediaType: request.contentType,
        content: request.body,
      })
      registry.tell('registry', `took in ${name}:${reference}`, { image: name, reference, digest })
      const headers = {
        location: `/v2/${name}/manifests/${digest}`,
        'docker-content-digest': digest,
      }
      return { status: 201, headers, body: nothing }
    }
    default:
      throw unsupported()
  }
}

const answerTags = ({ name, repository, request }: Call): RegistryAnswer => {
  if (request.method !== 'GET') throw unsupported()
  const tags = repository.tags()
  if (tags.length === 0)
    throw new RegistryError(404, 'NAME_UNKNOWN', 'repository name not known to registry')
  const headers = { 'content-type': 'application/json' }
  return { status: 200, headers, body: Buffer.from(JSON.stringify({ name, tags })) }
}

type Route = Readonly<{ pattern: RegExp; answer: (call: Call) => RegistryAnswer }>

const startOnly = (call: Call): RegistryAnswer => {
  if (call.request.method !== 'POST') throw unsupported()
  return startUpload(call)
}

const routes: readonly Route[] = [
  { pattern: /^\/v2\/(.+)\/blobs\/uploads\/?()$/, answer: startOnly },
  { pattern: /^\/v2\/(.+)\/blobs\/uploads\/([^/]+)$/, answer: answerUpload },
  { pattern: /^\/v2\/(.+)\/blobs\/([^/]+)$/, answer: answerBlob },
  { pattern: /^\/v2\/(.+)\/manifests\/([^/]+)$/, answer: answerManifest },
  { pattern: /^\/v2\/(.+)\/tags\/list()$/, answer: answerTags },
]

/** Answers one request as an OCI distribution v2 registry; throws a RegistryError. */
export const handleRegistryRequest = (
  registry: Registry,
  request: RegistryRequest,
): RegistryAnswer => {
  const account = authenticate(registry.accounts, request.authorization)
  if (/^\/v2\/?$/.test(request.path))
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from('{}'),
    }
  for (const { pattern, answer } of routes) {
    const [, name, reference = ''] = pattern.exec(request.path) ?? []
    if (name === undefined) continue
    const writes = !['GET', 'HEAD'].includes(request.method)
    authorize(account, { repository: name, writes: writes || request.path.includes('/uploads/') })
    const repository = registry.store.repository(name)
    return answer({ registry, account, request, name, repository, reference })
  }
  throw new RegistryError(404, 'NOT_FOUND', '404 page not found')
}

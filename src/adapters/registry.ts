import { createHash } from 'node:crypto'
import { request } from 'node:https'
import type { IncomingHttpHeaders } from 'node:http'
import { rootCertificates } from 'node:tls'
import { z } from 'zod'
import { absent, present, unknown, type Seen } from '../core/run/seen.ts'
import type { Credential } from '../core/secret/authfile.ts'
import type { ImageReference } from '../core/seedgen/image-reference.ts'
import type { Registry } from '../operations/ports.ts'

const indexTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ')
/** A run looks every few seconds; the registry need not begin an upload each time. Milliseconds. */
const yesKeptFor = 10 * 60 * 1000
const answerLimit = 4 * 1024 * 1024
const manifestTypes = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

const manifest = z.looseObject({ config: z.looseObject({ digest: z.string() }) })
const imageConfig = z.looseObject({
  config: z.looseObject({ Labels: z.record(z.string(), z.string()).nullish() }).optional(),
})
const clusterInfo = z.looseObject({ cluster_name: z.string().optional() })
const labelPrefix = 'com.openshift.lifecycle-agent.'

type Answer = Readonly<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>
type Call = Readonly<{ method: string; path: string; accept?: string }>

/**
 * A client of the OCI distribution API over TLS, for one question at a time. The host is the image's own;
 * a redirect of a blob is followed without the credential, which goes nowhere else. `authority` is an extra CA in PEM form.
 */
export const ociRegistry = ({ authority }: Readonly<{ authority: string | null }>): Registry => {
  const call = (
    image: ImageReference,
    authorization: string | null,
    { method, path, accept }: Call,
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const url = new URL(path, `https://${image.registry}`)
      const outgoing = request(
        url,
        {
          method,
          ...(authority === null ? {} : { ca: [...rootCertificates, authority] }),
          headers: {
            ...(authorization === null ? {} : { authorization }),
            ...(accept === undefined ? {} : { accept }),
            'content-length': 0,
          },
          timeout: 20_000,
        },
        incoming => {
          const parts: Buffer[] = []
          let size = 0
          incoming.on('data', (part: Buffer) => {
            size += part.length
            if (size > answerLimit) outgoing.destroy(new Error('the answer is too large'))
            else parts.push(part)
          })
          incoming.on('end', () => {
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              body: Buffer.concat(parts),
            })
          })
          incoming.on('error', reject)
        },
      )
      outgoing.on('timeout', () => outgoing.destroy(new Error('timed out')))
      outgoing.on('error', reject)
      outgoing.end()
    })

  /** Asks, and once more with what the challenge wants: Basic, or a token of the registry's own service. */
  const ask = async (
    image: ImageReference,
    credential: Credential,
    what: Call,
    scope: string,
  ): Promise<Answer> => {
    const basic = `Basic ${Buffer.from(`${credential.username}:${credential.password}`).toString('base64')}`
    const first = await call(image, null, what)
    if (first.status !== 401) return first
    const challenge = first.headers['www-authenticate'] ?? ''
    if (!/^bearer /i.test(challenge)) return call(image, basic, what)
    const field = (name: string): string =>
      new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? ''
    const realm = new URL(field('realm'))
    realm.searchParams.set('service', field('service'))
    realm.searchParams.set('scope', `repository:${image.repository}:${scope}`)
    const token = await fetchToken(call, image, realm, basic)
    return token === null ? first : call(image, `Bearer ${token}`, what)
  }

  /** A small blob, checked against its digest; registries often keep blobs elsewhere and redirect. */
  const blob = async (
    image: ImageReference,
    credential: Credential,
    digest: string,
  ): Promise<Buffer | null> => {
    const path = `/v2/${image.repository}/blobs/${digest}`
    const first = await ask(image, credential, { method: 'GET', path }, 'pull')
    const { location } = first.headers
    const isElsewhere = first.status >= 301 && first.status <= 308 && location !== undefined
    const found =
      isElsewhere && /^https:\/\//.test(location)
        ? // Without the credential: it is for the registry only.
          await call(image, null, { method: 'GET', path: location })
        : first
    const actual = `sha256:${createHash('sha256').update(found.body).digest('hex')}`
    return found.status === 200 && actual === digest ? found.body : null
  }
  const pushable = new Map<string, number>()

  return {
    digest: (image, credential) =>
      answered(async () => {
        const found = await ask(
          image,
          credential,
          {
            method: 'HEAD',
            path: `/v2/${image.repository}/manifests/${image.tag}`,
            accept: `${manifestTypes}, ${indexTypes}`,
          },
          'pull',
        )
        const digest = found.headers['docker-content-digest']
        if (found.status === 404) return absent
        if (found.status === 200 && typeof digest === 'string') return present(digest)
        return unknown(found.status === 401 || found.status === 403 ? 'forbidden' : 'unreachable')
      }),
    mayPush: (image, credential) =>
      answered(async () => {
        const { key, username, password } = credential
        const asked = createHash('sha256')
          .update(JSON.stringify([image.registry, image.repository, key, username, password]))
          .digest('hex')
        if (Date.now() - (pushable.get(asked) ?? 0) < yesKeptFor) return present(true)
        const begun = await ask(
          image,
          credential,
          { method: 'POST', path: `/v2/${image.repository}/blobs/uploads/` },
          'pull,push',
        )
        if (begun.status === 202 && begun.headers.location !== undefined) {
          const { pathname, search, host } = new URL(
            begun.headers.location,
            `https://${image.registry}`,
          )
          if (host === new URL(`https://${image.registry}`).host)
            await ask(
              image,
              credential,
              { method: 'DELETE', path: pathname + search },
              'pull,push',
            ).catch(() => undefined)
          pushable.set(asked, Date.now())
          return present(true)
        }
        return begun.status === 401 || begun.status === 403 || begun.status === 404
          ? present(false)
          : unknown('unreachable')
      }),
    inspect: (image, credential) =>
      answered(async () => {
        const base = `/v2/${image.repository}`
        const found = await ask(
          image,
          credential,
          { method: 'GET', path: `${base}/manifests/${image.tag}`, accept: manifestTypes },
          'pull',
        )
        if (found.status === 404) return absent
        if (found.status !== 200)
          return unknown(found.status === 401 || found.status === 403 ? 'forbidden' : 'unreachable')
        const digest = found.headers['docker-content-digest']
        const described = manifest.safeParse(readJson(found.body))
        if (typeof digest !== 'string' || !described.success) return unknown('unreachable')
        const config = await blob(image, credential, described.data.config.digest)
        if (config === null) return unknown('unreachable')
        const labels = imageConfig.safeParse(readJson(config)).data?.config?.Labels ?? {}
        const info = clusterInfo.safeParse(
          readJson(Buffer.from(labels[`${labelPrefix}seed_cluster_info`] ?? '')),
        )
        return present({
          digest,
          format: labels[`${labelPrefix}seed_format_version`] ?? null,
          cluster: info.data?.cluster_name ?? null,
        })
      }),
  }
}

const fetchToken = async (
  call: (image: ImageReference, authorization: string, what: Call) => Promise<Answer>,
  image: ImageReference,
  realm: URL,
  basic: string,
): Promise<string | null> => {
  // The token service must be the registry's own host: a challenge does not choose where a password goes.
  if (realm.protocol !== 'https:' || realm.host !== new URL(`https://${image.registry}`).host)
    throw new Error('the token service is elsewhere')
  const answer = await call(image, basic, { method: 'GET', path: realm.pathname + realm.search })
  // Only these are a no to the credential; a service in trouble says nothing of it.
  if (answer.status === 401 || answer.status === 403) return null
  if (answer.status !== 200) throw new Error('the token service gave no token')
  const body = z
    .looseObject({ token: z.string().optional(), access_token: z.string().optional() })
    .safeParse(readJson(answer.body))
  return body.data?.token ?? body.data?.access_token ?? null
}

const answered = async <T>(work: () => Promise<Seen<T>>): Promise<Seen<T>> => {
  try {
    return await work()
  } catch (error) {
    return unknown(/timed out/.test(String(error)) ? 'timeout' : 'unreachable')
  }
}

const readJson = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

import { createHash } from 'node:crypto'
import type { LookupFunction } from 'node:net'
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls'
import { absent, mapSeen, present, unknown, type Seen } from '../../core/seen.ts'
import type { Credential } from '../../core/secret/authfile/check-authfile.ts'
import type { ImageReference } from '../../core/seedgen/image-reference.ts'
import type { PushAnswer } from '../../core/seedgen/push-problem.ts'
import type { SeedImage } from '../../core/seedgen/prove-image.ts'
import type { Registry } from '../../operations/ports/registry.ts'
import { askWithCredential, TooManyRequests, UntrustedTokenService } from './ask-with-credential.ts'
import { callOnce, type Answer } from './call-once.ts'
import * as content from './manifest-digest.ts'
import { followRedirects } from './follow-redirects.ts'
import { judgeLocation } from './judge-location.ts'
import { proxyAuthorization, proxyFor, proxySecrets, wayTo } from './proxy-for.ts'
import { trustedHosts } from './trusted-hosts.ts'

/** A run looks every few seconds; the registry need not begin an upload each time. Milliseconds. */
const yesKeptFor = 10 * 60 * 1000

/** The operator's settings for registries; none of them comes from a repository. */
export type RegistrySettings = Readonly<{
  /** A certificate authority beside the built-in ones, PEM. */
  authority: string | null
  /** Hosts of token services that may see a registry's credential, beside the registry's own. */
  tokenHosts?: readonly string[]
  /** Hosts whose certificate is not checked; with `http://` in front, hosts without TLS. */
  insecure?: readonly string[]
  /** HTTPS_PROXY, HTTP_PROXY and NO_PROXY are read from it. */
  environment?: Readonly<Record<string, string | undefined>>
  /** Takes what in a proxy's URL must not be printed. */
  conceal?: (secret: string) => void
  /** Told why a registry gave no usable answer, once until that changes. */
  tell?: (reason: string) => void
  /** For one request, milliseconds. */
  timeLimit?: number
}>

type Call = Readonly<{
  method?: string
  authorization?: string | undefined
  accept?: string
  /** Fields of a form, encoded. */
  form?: string
  lookup?: LookupFunction | undefined
}>
type Question = Readonly<{ image: ImageReference; credential: Credential }>
type Manifest = Readonly<{ digest: string; body: Buffer }>

/**
 * A client of the OCI distribution API, for one question at a time. The host is the image's own; the
 * credential goes there and to token services that the operator trusts (docs/registry.md).
 */
export const ociRegistry = (settings: RegistrySettings): Registry => {
  const { authority, environment = {}, timeLimit = 20_000 } = settings
  const hosts = trustedHosts(settings)
  let kept: SecureContext | undefined
  // To parse the built-in authorities costs more than a call does.
  const trusted = (): SecureContext | undefined =>
    authority === null
      ? undefined
      : (kept ??= createSecureContext({ ca: [...rootCertificates, authority] }))
  for (const secret of proxySecrets(environment)) settings.conceal?.(secret)

  const call = async (
    url: URL,
    { method = 'GET', authorization, accept = content.acceptedTypes, form, lookup }: Call,
  ): Promise<Answer> => {
    const proxy = proxyFor(url, environment)
    return callOnce({
      url,
      method,
      headers: {
        accept,
        ...(authorization === undefined ? {} : { authorization }),
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      body: form ?? '',
      secureContext: trusted(),
      isVerified: hosts.isVerified(url),
      proxy: proxy && { url: proxy, headers: proxyAuthorization(proxy) },
      lookup,
      timeLimit,
    })
  }

  const ask = (
    { image, credential }: Question,
    path: string,
    method: keyof typeof actions = 'GET',
  ): Promise<Answer> => {
    const { api, repository } = hosts.place(image)
    return askWithCredential({
      ask: authorization => call(new URL(path, api), { method, authorization }),
      mayGiveTokens: realm => hosts.mayGiveTokens(realm, api),
      getToken: (realm, request) => call(realm, { ...request, accept: 'application/json' }),
      credential,
      scope: `repository:${repository}:${actions[method]}`,
    })
  }

  const pathOf = ({ image }: Question, rest: string): string =>
    `/v2/${hosts.place(image).repository}/${rest}`

  /** A small blob, checked against its digest; registries often keep blobs elsewhere. */
  const readBlob = async (question: Question, digest: string): Promise<Buffer> => {
    const { status, body } = await followRedirects({
      first: await ask(question, pathOf(question, `blobs/${digest}`)),
      from: hosts.place(question.image).api,
      mayAsk: hosts.mayAsk,
      get: (url, lookup) => call(url, { lookup }),
    })
    if (status !== 200) throw new Error(`it answered ${status} for the configuration`)
    if (!content.hasDigest(body, digest)) throw new Error('the configuration has another digest')
    return body
  }

  const readManifest = async (question: Question): Promise<Seen<Manifest>> => {
    const path = pathOf(question, `manifests/${question.image.tag}`)
    const { status, headers, body } = await ask(question, path)
    if (isRefusal(status)) return unknown('forbidden')
    if (status === 404 && content.saysNotFound(body)) return absent
    if (status !== 200) throw new Error(`it answered ${status} for the manifest`)
    return present({ digest: content.manifestDigest(body, headers['docker-content-digest']), body })
  }

  const readDigest = async (question: Question): Promise<Seen<string>> => {
    const path = pathOf(question, `manifests/${question.image.tag}`)
    const { status, headers } = await ask(question, path, 'HEAD')
    const digest = headers['docker-content-digest']
    if (status === 200 && content.isDigest(digest)) return present(digest)
    // Some know no HEAD or give no digest with it, and only the body of a 404 tells who wrote it.
    return mapSeen(await readManifest(question), manifest => manifest.digest)
  }

  const pushable = new Map<string, number>()
  const tryUpload = async (question: Question): Promise<Seen<PushAnswer>> => {
    const { image, credential } = question
    const { key, username, password, identityToken = null } = credential
    const asked = createHash('sha256')
      .update(
        JSON.stringify([image.registry, image.repository, key, username, password, identityToken]),
      )
      .digest('hex')
    if (Date.now() - (pushable.get(asked) ?? 0) < yesKeptFor) return present(true)
    const begun = await ask(question, pathOf(question, 'blobs/uploads/'), 'POST')
    if (isRefusal(begun.status) || begun.status === 404) return present(false)
    if (begun.status === 405) return present({ is: 'read-only' })
    const { location } = begun.headers
    if (begun.status !== 202 || location === undefined)
      throw new Error(`it answered ${begun.status} to the begin of an upload`)
    const { api } = hosts.place(image)
    const leads = judgeLocation(location, api)
    if (leads !== true) return present(leads)
    const upload = new URL(location, api)
    // Best effort: registries remove uploads that nobody ends.
    await ask(question, upload.pathname + upload.search, 'DELETE').catch(() => undefined)
    pushable.set(asked, Date.now())
    return present(true)
  }

  const told = new Map<string, string>()
  const answered = async <T>(registry: string, work: () => Promise<Seen<T>>): Promise<Seen<T>> => {
    try {
      const seen = await work()
      told.delete(registry)
      return seen
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'failed'
      if (told.get(registry) !== reason) settings.tell?.(`asking ${registry}: ${reason}`)
      told.set(registry, reason)
      if (error instanceof UntrustedTokenService) return unknown('untrusted-token-service')
      if (error instanceof TooManyRequests) return unknown('limited')
      return unknown(reason.endsWith('timed out') ? 'timeout' : 'unreachable')
    }
  }

  return {
    way: async image => wayTo(hosts.place(image).api, { authority, environment }),
    mayPush: (image, credential) =>
      answered(image.registry, () => tryUpload({ image, credential })),
    digest: (image, credential) =>
      answered(image.registry, () => readDigest({ image, credential })),
    inspect: (image, credential) =>
      answered<SeedImage>(image.registry, async () => {
        const question = { image, credential }
        const manifest = await readManifest(question)
        if (manifest.seen !== 'present') return manifest
        const { digest, body } = manifest.value
        const config = content.configDigest(body)
        if (config === null) return present({ digest, format: null, cluster: null, version: null })
        return present({ digest, ...content.seedLabels(await readBlob(question, config)) })
      }),
  }
}

/** The actions that a token must allow; to cancel an upload is to delete (distribution/registry/handlers/app.go). */
const actions = { GET: 'pull', HEAD: 'pull', POST: 'pull,push', DELETE: 'pull,push,delete' }

const isRefusal = (status: number): boolean => status === 401 || status === 403

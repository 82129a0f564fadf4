import type { ImageReference } from '../../core/seedgen/image-reference.ts'

/** Registries whose public challenge names a token service elsewhere. */
const knownTokenHosts: Readonly<Record<string, string>> = {
  'registry-1.docker.io': 'auth.docker.io',
  'registry.gitlab.com': 'gitlab.com',
}

export type TrustedHosts = Readonly<{
  /** Where the registry of an image is, and what it calls the repository. */
  place: (image: ImageReference) => Readonly<{ api: URL; repository: string }>
  /** TLS, or an address that the operator said needs none. */
  mayAsk: (url: URL) => boolean
  /** True if the certificate must be good. */
  isVerified: (url: URL) => boolean
  /** True if a registry's credential may be shown to that token service. */
  mayGiveTokens: (realm: URL, api: URL) => boolean
}>

/** Reads the hosts that the operator trusts: `HOST` or `HOST:PORT`; an insecure one with `http://` is asked without TLS. */
export const trustedHosts = ({
  tokenHosts = [],
  insecure = [],
}: Readonly<{
  tokenHosts?: readonly string[]
  insecure?: readonly string[]
}>): TrustedHosts => {
  const origins = new Set(
    insecure.map(host => new URL(host.includes('://') ? host : `https://${host}`).origin),
  )
  const givers = new Set(tokenHosts.map(host => new URL(`https://${host}`).host))
  const mayAsk = (url: URL): boolean => url.protocol === 'https:' || origins.has(url.origin)
  return {
    place: ({ registry, repository }) => {
      // docker.io is a name for people: programs ask this host (containers/image docker_client.go).
      if (/^(?:index\.)?docker\.io$/.test(registry))
        return {
          api: new URL('https://registry-1.docker.io'),
          repository: repository.includes('/') ? repository : `library/${repository}`,
        }
      const plain = new URL(`http://${registry}`)
      return {
        api: origins.has(plain.origin) ? plain : new URL(`https://${registry}`),
        repository,
      }
    },
    mayAsk,
    isVerified: url => !origins.has(url.origin),
    // No rule by parent domain: tenants share one (x.azurecr.io and y.azurecr.io, all below one company's).
    mayGiveTokens: (realm, api) =>
      mayAsk(realm) &&
      realm.username === '' &&
      realm.password === '' &&
      (realm.origin === api.origin ||
        givers.has(realm.host) ||
        knownTokenHosts[api.host] === realm.host),
  }
}

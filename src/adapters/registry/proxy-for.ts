import { BlockList, isIP } from 'node:net'

type Environment = Readonly<Record<string, string | undefined>>

const variable = (environment: Environment, name: string): string =>
  environment[name] || environment[name.toLowerCase()] || ''

/** The value of a proxy variable; without a scheme it is http. Null when it is nothing of use. */
const readProxy = (given: string): URL | null => {
  const text = given.includes('://') ? given : `http://${given}`
  const proxy = URL.canParse(text) ? new URL(text) : null
  return proxy?.protocol === 'http:' || proxy?.protocol === 'https:' ? proxy : null
}

/**
 * The proxy for an address, null for none. HTTPS_PROXY, HTTP_PROXY and NO_PROXY mean what they mean to Go's
 * programs (golang.org/x/net/http/httpproxy), which OpenShift writes them for: domains with their
 * subdomains, `.domain` for subdomains only, addresses, CIDRs, `host:port`, `*`; never for loopback.
 */
export const proxyFor = (url: URL, environment: Environment): URL | null => {
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const given = variable(environment, name)
  if (given === '' || isDirect(url, variable(environment, 'NO_PROXY'))) return null
  const proxy = readProxy(given)
  // Its value may hold a password.
  if (proxy === null) throw new Error(`${name} is not the URL of an http or https proxy`)
  return proxy
}

/** How an address is reached: the extra authority, and the proxy by its host, for people to see. */
export const wayTo = (
  url: URL,
  { authority, environment }: Readonly<{ authority: string | null; environment: Environment }>,
): Readonly<{ authority: string | null; proxy: string | null }> => {
  try {
    return { authority, proxy: proxyFor(url, environment)?.host ?? null }
  } catch {
    // A variable that is no URL is told by whoever asks the registry.
    return { authority, proxy: null }
  }
}

/** The parts of the proxy variables that must not be printed. */
export const proxySecrets = (environment: Environment): readonly string[] =>
  ['HTTPS_PROXY', 'HTTP_PROXY']
    .map(name => readProxy(variable(environment, name)))
    .flatMap(proxy => (proxy === null ? [] : [proxy.password || proxy.username]))
    .filter(secret => secret !== '')
    .flatMap(secret => [secret, decodeOr(secret)])

/** The header that a proxy URL with a user asks for. */
export const proxyAuthorization = (proxy: URL): Readonly<Record<string, string>> => {
  if (proxy.username === '' && proxy.password === '') return {}
  const pair = `${decodeOr(proxy.username)}:${decodeOr(proxy.password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` }
}

const decodeOr = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const isDirect = (url: URL, exceptions: string): boolean => {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  const family = isIP(host)
  if (host === 'localhost' || (family && isIn(host, family === 4 ? '127.0.0.0/8' : '::1/128')))
    return true
  return exceptions
    .split(',')
    .map(entry => entry.trim().toLowerCase())
    .filter(entry => entry !== '')
    .some(entry => {
      if (entry === '*') return true
      if (entry.includes('/')) return family !== 0 && isIn(host, entry)
      const [, name = entry, only = port] =
        /^\[?(.+?)\]?:(\d+)$/.exec(isIP(entry) ? `[${entry}]:${port}` : entry) ?? []
      if (only !== port) return false
      const domain = name.replace(/^\*\./, '.')
      return domain.startsWith('.') ? host.endsWith(domain) : isSelfOrBelow(host, domain)
    })
}

const isSelfOrBelow = (host: string, domain: string): boolean =>
  host === domain || (isIP(host) === 0 && host.endsWith(`.${domain}`))

const isIn = (address: string, range: string): boolean => {
  const [network = '', length = ''] = range.split('/')
  const family = isIP(network)
  if (family === 0 || family !== isIP(address) || !/^\d{1,3}$/.test(length)) return false
  if (Number(length) > (family === 4 ? 32 : 128)) return false
  const list = new BlockList()
  list.addSubnet(network, Number(length), family === 4 ? 'ipv4' : 'ipv6')
  return list.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

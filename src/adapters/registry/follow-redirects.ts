import { lookup } from 'node:dns'
import type { IncomingHttpHeaders } from 'node:http'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** The kinds of address that a name may lead to. 'special' is never a server: unspecified, multicast, reserved. */
type AddressKind = 'public' | 'private' | 'loopback' | 'link-local' | 'special'

const ranges: Readonly<Record<Exclude<AddressKind, 'public'>, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  'link-local': ['169.254.0.0/16', 'fe80::/10'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'],
  special: ['0.0.0.0/8', '224.0.0.0/3', '::/128', 'ff00::/8'],
}

const lists = Object.entries(ranges).map(([kind, subnets]) => {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [network = '', length] = subnet.split('/')
    list.addSubnet(network, Number(length), isIP(network) === 4 ? 'ipv4' : 'ipv6')
  }
  return [kind, list] as const
})

// Of an IPv4 address inside an IPv6 one the kind of the former: BlockList looks into it.
const addressKind = (address: string): AddressKind => {
  const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
  for (const kind of ['special', 'loopback', 'link-local', 'private'] as const)
    if (lists.some(([name, list]) => name === kind && list.check(address, family))) return kind
  return 'public'
}

// What is checked is what is connected to: a name may have another address a moment later.
const guardedLookup =
  (check: (address: string) => void): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) {
        callback(error, '')
        return
      }
      try {
        for (const { address } of found) check(address)
      } catch (refused) {
        callback(refused instanceof Error ? refused : new Error('refused'), '')
        return
      }
      const [first] = found
      if (options.all || !first) callback(null, found)
      else callback(null, first.address, first.family)
    })
  }

const limit = 3

type Answered = Readonly<{ status: number; headers: IncomingHttpHeaders; address: string | null }>

/**
 * Follows redirects to places that a registry may choose: public ones, and those where the registry is
 * itself (loopback, link-local, private). Behind a proxy names are the proxy's to refuse.
 */
export const followRedirects = async <A extends Answered>({
  first,
  from,
  mayAsk,
  get,
}: Readonly<{
  first: A
  from: URL
  mayAsk: (url: URL) => boolean
  get: (url: URL, lookup: LookupFunction | undefined) => Promise<A>
}>): Promise<A> => {
  const home = first.address === null ? 'public' : addressKind(first.address)
  const check = (address: string): void => {
    const kind = addressKind(address)
    if (kind !== 'public' && kind !== home) throw new Error(`it redirects to a ${kind} address`)
  }
  let [answer, at] = [first, from]
  for (let hops = 0; isRedirect(answer); hops += 1) {
    if (hops === limit) throw new Error('it redirects too often')
    const to = new URL(answer.headers.location ?? '', at)
    // A URL's user would be sent as a credential.
    to.username = to.password = ''
    if (!mayAsk(to)) throw new Error('it redirects to a place without TLS')
    const literal = to.hostname.replace(/^\[|\]$/g, '')
    const isSelf = to.origin === from.origin
    if (!isSelf && isIP(literal)) check(literal)
    answer = await get(to, isSelf ? undefined : guardedLookup(check))
    at = to
  }
  return answer
}

const isRedirect = ({ status, headers }: Answered): boolean =>
  [301, 302, 303, 307, 308].includes(status) && headers.location !== undefined

const loopback = ['localhost', '127.0.0.1', '[::1]']
const shape = /^(?<name>[a-z\d.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/

/**
 * Tells whether a request came under a name that is served: a loopback name, the address that the connection came in at, or
 * one of `hosts` (`name` at any port, `name:port` at that one). A page of a stranger whose name was pointed at us (DNS
 * rebinding) comes under the stranger's name: the browser sets the header, and no script can.
 */
export const isServedHost = (
  header: string | undefined,
  {
    localAddress = '',
    hosts,
  }: Readonly<{ localAddress?: string | undefined; hosts: readonly string[] }>,
): boolean => {
  const host = (header ?? '').toLowerCase()
  const name = shape.exec(host)?.groups?.['name']
  if (name === undefined) return false
  const address = localAddress.replace(/^::ffff:(?=\d+\.)/, '')
  const own = address.includes(':') ? `[${address}]` : address
  const served = [...loopback, own, ...hosts.map(each => each.toLowerCase())]
  return served.includes(name) || served.includes(host)
}

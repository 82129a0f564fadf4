import { createServer, type RequestListener, type Server } from 'node:http'
import type { Socket } from 'node:net'

/** How long and how much strangers may hold; a delivery of GitHub's takes milliseconds. */
export type ServerLimits = Readonly<{
  connections: number
  /** Milliseconds until the head of a request, and until all of it, must have come. */
  head: number
  request: number
}>

// More than wait to be accepted at once (511), so that none ends before it was read from.
const standardLimits: ServerLimits = { connections: 1024, head: 10_000, request: 30_000 }

/**
 * Creates the server for the listener: slow requests end, and of too many connections the oldest does, so that
 * whoever holds many keeps nobody else out.
 */
export const createWebhookServer = (
  listener: RequestListener,
  limits: ServerLimits = standardLimits,
): Server => {
  const server = createServer(
    {
      headersTimeout: limits.head,
      requestTimeout: limits.request,
      // Node looks for what is overdue only so often, by itself every 30 seconds.
      connectionsCheckingInterval: Math.min(1000, limits.head),
      maxHeaderSize: 16 * 1024,
    },
    listener,
  )
  server.maxHeadersCount = 64
  server.maxRequestsPerSocket = 1
  const open = new Set<Socket>()
  server.on('connection', socket => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    const [oldest] = open
    if (open.size <= limits.connections || !oldest) return
    open.delete(oldest)
    oldest.destroy()
  })
  return server
}

import { createServer, type RequestListener, type Server } from 'node:http'
import type { Socket } from 'node:net'

/** How long and how much strangers may hold; a delivery of GitHub's takes milliseconds. */
export type ServerLimits = Readonly<{
  connections: number
  /** Milliseconds until the head of a request, and until all of it, must have come. */
  head: number
  request: number
}>

const standardLimits: ServerLimits = { connections: 1024, head: 10_000, request: 30_000 }

/**
 * Creates the server for the listener: slow requests end, and of too many connections the oldest do, so that whoever holds
 * many keeps nobody else out. None ends before it was read from once, however many are accepted at a time, and none whose
 * request is here and waits for its answer.
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
  const [fresh, open] = [new Set<Socket>(), new Set<Socket>()]
  const forget = (socket: Socket): void => {
    fresh.delete(socket)
    open.delete(socket)
  }
  /** Comes after what could be read was read: the fresh ones of the last time had their chance, those of now have not. */
  const makeRoom = (): void => {
    for (const oldest of open) {
      if (open.size + fresh.size <= limits.connections) break
      open.delete(oldest)
      oldest.destroy()
    }
    for (const socket of fresh) open.add(socket)
    fresh.clear()
    if (open.size > limits.connections) setImmediate(makeRoom)
  }
  server.on('connection', socket => {
    if (fresh.size === 0) setImmediate(makeRoom)
    fresh.add(socket)
    socket.once('close', () => {
      forget(socket)
    })
  })
  server.on('request', request => {
    request.once('end', () => {
      forget(request.socket)
    })
  })
  return server
}

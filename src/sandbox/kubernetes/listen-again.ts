import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Server } from 'node:https'
import type { Socket } from 'node:net'

/** A server that can go away and come back at its port. */
export type Listener = Readonly<{
  port: number
  setListening: (listening: boolean) => Promise<void>
}>

const isInUse = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'

const listen = async (server: Server, port: number): Promise<void> => {
  // While the server is away, a client's own outgoing connection may hold the port for a moment.
  for (let attempt = 0; ; attempt++)
    try {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
      return
    } catch (error) {
      if (port === 0 || attempt === 50 || !isInUse(error)) throw error
      await sleep(100)
    }
}

/** Listens on 127.0.0.1; to stop listening cuts the connections that are open too. */
export const listenAgain = async (server: Server, wanted: number): Promise<Listener> => {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await listen(server, wanted)
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : wanted

  const apply = async (listening: boolean): Promise<void> => {
    if (listening === server.listening) return
    if (listening) {
      await listen(server, port)
      return
    }
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  // One change at a time, in the order asked for.
  let last = Promise.resolve()
  return {
    port,
    setListening: listening => (last = last.then(() => apply(listening))),
  }
}

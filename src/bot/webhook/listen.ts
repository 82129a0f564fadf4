import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { InputError } from '../../errors.ts'

/** Binds a server; port 0 is any free port. Returns `host:port`. Throws InputError PORT_IN_USE. */
export const listen = async (
  server: Server,
  { host, port }: Readonly<{ host: string; port: number }>,
): Promise<string> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        new InputError(
          'PORT_IN_USE',
          `listening on ${host}:${port}: ${cause.code === 'EADDRINUSE' ? 'the port is in use' : `it cannot be had (${cause.code ?? 'no reason given'})`}`,
          { fix: 'choose another one with --listen HOST:PORT', cause },
        ),
      )
    })
    server.listen(port, host, resolve)
  })
  const bound: AddressInfo | string | null = server.address()
  return typeof bound === 'object' && bound !== null
    ? `${bound.address}:${bound.port}`
    : `${host}:${port}`
}

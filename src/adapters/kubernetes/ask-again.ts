import {
  IsomorphicFetchHttpLibrary,
  wrapHttpLibrary,
  type HttpLibrary,
} from '@kubernetes/client-node'
import { isRead } from './is-read.ts'

// What a read meets on a kept connection that the server has closed in the meantime.
const isClosed = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ECONNRESET' || error.code === 'EPIPE')

/**
 * The client's transport, which asks once more where a read was not answered because the server had closed the
 * connection: it may have been a kept one. A write is never sent twice.
 */
export const askAgain = (): HttpLibrary => {
  const transport = new IsomorphicFetchHttpLibrary()
  return wrapHttpLibrary({
    send: async request => {
      try {
        return await transport.send(request).toPromise()
      } catch (error) {
        if (!isRead(request) || !isClosed(error)) throw error
        return await transport.send(request).toPromise()
      }
    },
  })
}

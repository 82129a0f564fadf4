import { wrapHttpLibrary, type HttpLibrary } from '@kubernetes/client-node'
import { askOnce } from './ask-once.ts'
import { isRead } from './is-read.ts'

// What a read meets on a kept connection that the server has closed in the meantime.
const isClosed = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ECONNRESET' || error.code === 'EPIPE')

/**
 * A transport for the client, which asks once more where a read was not answered because the server had closed the
 * connection: it may have been a kept one. A write is never sent twice.
 */
export const askAgain = (): HttpLibrary =>
  wrapHttpLibrary({
    send: async request => {
      try {
        return await askOnce(request)
      } catch (error) {
        if (!isRead(request) || !isClosed(error)) throw error
        return await askOnce(request)
      }
    },
  })

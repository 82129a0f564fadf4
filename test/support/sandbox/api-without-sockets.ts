import {
  createConfiguration,
  ResponseContext,
  ServerConfiguration,
  wrapHttpLibrary,
  type Configuration,
} from '@kubernetes/client-node'
import { ApiError } from '../../../src/sandbox/kubernetes/api-error.ts'
import { handleRequest, type Api } from '../../../src/sandbox/kubernetes/requests/handle-request.ts'
import { statusOf } from '../../../src/sandbox/kubernetes/status-error.ts'

/** Reaches the API of a simulated cluster as a user, past sockets and TLS, which cost more than all else of a call. */
export const apiWithoutSockets = (api: Api, user: string): Configuration =>
  createConfiguration({
    baseServer: new ServerConfiguration('http://api', {}),
    httpApi: wrapHttpLibrary({
      send: async request => {
        const { pathname: path, searchParams: query } = new URL(request.getUrl())
        const answer = (code: number, body: unknown): ResponseContext => {
          const text = JSON.stringify(body)
          return new ResponseContext(
            code,
            { 'content-type': 'application/json' },
            {
              text: async () => text,
              binary: async () => Buffer.from(text),
            },
          )
        }
        const body = request.getBody()
        try {
          const given = handleRequest(api, {
            ...{ user: { name: user, groups: [] }, method: request.getHttpMethod(), path, query },
            ...{ contentType: 'application/json', userAgent: '' },
            body: typeof body === 'string' ? body : '',
          })
          if (given.is === 'watch') throw new Error('a watch needs a socket')
          return answer(given.code, given.body)
        } catch (error) {
          if (!(error instanceof ApiError)) throw error
          return answer(error.status, statusOf(error))
        }
      },
    }),
  })

import type { RequestListener } from 'node:http'
import { statusPolicy } from '../../core/status-page/status-page.ts'
import { isServedHost } from './is-served-host.ts'

/**
 * Answers `GET /` with the status page, on a port of its own: under loopback names, the address of the connection, and
 * `hosts`; 421 under any other name. Nothing can be changed there, and nothing is asked.
 */
export const statusListener =
  ({ page, hosts }: Readonly<{ page: () => string; hosts: readonly string[] }>): RequestListener =>
  (request, response) => {
    const answer = (status: number, body: string, type = 'text/plain'): void => {
      response
        .writeHead(status, {
          'content-type': `${type}; charset=utf-8`,
          'content-security-policy': `${statusPolicy}; frame-ancestors 'none'`,
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
          'cache-control': 'no-store',
        })
        .end(request.method === 'HEAD' ? undefined : body)
    }
    const { localAddress } = request.socket
    if (!isServedHost(request.headers.host, { localAddress, hosts }))
      answer(421, 'the status page is not served under this name: allow it with --status-host\n')
    else if (request.url?.split('?')[0] !== '/') answer(404, 'not found\n')
    else if (request.method !== 'GET' && request.method !== 'HEAD') answer(405, 'refused\n')
    else answer(200, page(), 'text/html')
  }

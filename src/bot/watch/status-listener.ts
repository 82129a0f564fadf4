import type { RequestListener } from 'node:http'
import { statusPolicy } from '../../core/status-page/status-page.ts'

/** Answers `GET /` with the status page, on a port of its own. Nothing can be changed there, and nothing is asked. */
export const statusListener =
  ({ page }: Readonly<{ page: () => string }>): RequestListener =>
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
    if (request.url?.split('?')[0] !== '/') answer(404, 'not found\n')
    else if (request.method !== 'GET' && request.method !== 'HEAD') answer(405, 'refused\n')
    else answer(200, page(), 'text/html')
  }

import type { RequestListener } from 'node:http'

/** Answers `GET /metrics`, on a port of its own that only monitoring is to reach. */
export const metricsListener =
  ({
    text,
    contentType,
  }: Readonly<{ text: () => Promise<string>; contentType: string }>): RequestListener =>
  (request, response) => {
    const answer = (status: number, body: string, type = 'text/plain; charset=utf-8'): void => {
      response.writeHead(status, { 'content-type': type }).end(body)
    }
    if (request.url?.split('?')[0] !== '/metrics') answer(404, 'not found\n')
    else if (request.method !== 'GET') answer(405, 'refused\n')
    else
      text().then(
        body => {
          answer(200, body, contentType)
        },
        () => {
          answer(500, 'the metrics could not be collected\n')
        },
      )
  }

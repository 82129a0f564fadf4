import type { IncomingMessage } from 'node:http'

/** How many bytes may be in memory: of one body, and of all bodies that are being read. */
export type BodyLimits = Readonly<{ each: number; all: number }>

/** The bytes of a body, or the status with which it is refused. */
export type Body = Buffer | 400 | 413 | 503

/**
 * Creates a reader of request bodies. One that is too long is refused, by its declared length before a byte is read.
 * When all together are too many, the longest is: a small one always gets through.
 */
export const createBodyReader = (
  limits: BodyLimits,
): ((request: IncomingMessage) => Promise<Body>) => {
  type Reading = { size: number; end: (body: Body) => void }
  const underWay = new Set<Reading>()

  return request =>
    new Promise(resolve => {
      const length = Number(request.headers['content-length'] ?? 0)
      if (length > limits.each) {
        resolve(413)
        return
      }
      const parts: Buffer[] = []
      const reading: Reading = {
        size: 0,
        end: body => {
          underWay.delete(reading)
          parts.length = 0
          request.off('data', take)
          resolve(body)
        },
      }
      const take = (part: Buffer): void => {
        reading.size += part.length
        if (reading.size > limits.each) {
          reading.end(413)
          return
        }
        parts.push(part)
        const all = [...underWay].reduce((sum, { size }) => sum + size, 0)
        if (all > limits.all)
          [...underWay].reduce((one, other) => (other.size > one.size ? other : one)).end(503)
      }
      underWay.add(reading)
      request.on('data', take)
      request.once('end', () => {
        reading.end(Buffer.concat(parts))
      })
      // Whoever goes away before the end hears nothing any more.
      request.once('close', () => {
        reading.end(400)
      })
    })
}

import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

/** Ends an answer whose headers were sent: half of its body at once, the rest a second later. */
export const sendSlowly = async (response: ServerResponse, body: Buffer): Promise<void> => {
  const half = Math.floor(body.length / 2)
  response.write(body.subarray(0, half))
  await pause(1000)
  response.end(body.subarray(half))
}

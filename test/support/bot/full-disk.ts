import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import type { Trouble } from './whole-run.ts'

/** A disk of its own for the data, which something else fills and frees again and again. */
const filled = `
mount -t tmpfs -o size=8m none "$0" || exit 97
while :; do
  sleep 4
  dd if=/dev/zero of="$0/filler" bs=4k 2>/dev/null
  echo full >>"$0.full"
  sleep 3
  rm "$0/filler"
done &
exec "$@"
`

/** The disk of the bot is full for some seconds, again and again. */
export const fullDisk = (): Trouble => {
  let data = ''
  const counts: Record<string, number> = {}
  return {
    started: words => {
      data = words[words.indexOf('--data') + 1] ?? ''
      mkdirSync(data, { recursive: true })
      return { by: ['unshare', '--map-root-user', '--mount', 'sh', '-c', filled, data] }
    },
    happened: () => counts,
    meanwhile: ({ bots }) => {
      const full = `${data}.full`
      counts['the disk was full'] = existsSync(full)
        ? readFileSync(full, 'utf8').split('\n').length - 1
        : 0
      counts['the bot met it'] = bots.flatMap(({ log }) =>
        log.filter(({ reason = '' }) => /ENOSPC|[Nn]o space left/.test(reason)),
      ).length
    },
  }
}

import { field, listAt, textAt } from '../../preflight/field.ts'
import { sorted, type Value } from '../value.ts'

const unit = 'var-lib-containers.mount'
const path = '/var/lib/containers'

/** The device that Ignition mounts at /var/lib/containers; null where it has no unit for it. */
export const mountTarget = (ignition: unknown): Value | null => {
  const mount = listAt(ignition, 'systemd', 'units').find(one => textAt(one, 'name') === unit)
  const what = /^[ \t]*What[ \t]*=[ \t]*(\S+)/m.exec(textAt(mount, 'contents'))?.[1]
  return what === undefined ? null : [what]
}

/** The partition that Ignition mounts there: label, start and size; null where it makes none. */
export const containerPartition = (ignition: unknown): Value | null => {
  const device = textAt(
    listAt(ignition, 'storage', 'filesystems').find(one => textAt(one, 'path') === path),
    'device',
  )
  const label = device.replace(/^.*\//, '')
  const partitions = listAt(ignition, 'storage', 'disks').flatMap(disk =>
    listAt(disk, 'partitions'),
  )
  const partition = partitions.find(one => textAt(one, 'label') === label)
  if (partition === undefined) return null
  return sorted(
    ['startMiB', 'sizeMiB']
      .map(key => `${key}: ${JSON.stringify(field(partition, key) ?? 0)}`)
      .concat(`label: ${label}`),
  )
}

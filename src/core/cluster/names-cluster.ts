/** True if a text holds a name that is not part of a longer one: a value equal to it stands so in any YAML. */
export const holdsName = (text: string, name: string): boolean => {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1))
    if (!ofName.test(text.charAt(at - 1)) && !ofName.test(text.charAt(at + name.length)))
      return true
  return false
}

const ofName = /[\w.-]/

/** True if a text that cannot be read as objects (a template, values) names a cluster outside comments. */
export const namesCluster = (text: string, cluster: string): boolean =>
  text.includes(cluster) &&
  text.split('\n').some(line => holdsName(line.replace(/(?:^|\s)#.*/, ''), cluster))

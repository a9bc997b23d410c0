import type { SourceFile } from './source-file.ts'

/** The strings of `type name = 'a' | 'b'`, in the order in which they stand; empty where there is no such type. */
export function literalsOf(files: readonly SourceFile[], name: string): readonly string[] {
  const literals: string[] = []
  for (const file of files) {
    file.visit({
      TSTypeAliasDeclaration(node) {
        if (node.id.name !== name || node.typeAnnotation.type !== 'TSUnionType') return
        for (const type of node.typeAnnotation.types) {
          if (type.type !== 'TSLiteralType' || type.literal.type !== 'Literal') continue
          literals.push(String(type.literal.value))
        }
      },
    })
  }
  return literals
}

/** The properties of `interface name`, in the order in which they stand; empty where there is no such interface. */
export function propertiesOf(files: readonly SourceFile[], name: string): readonly string[] {
  const properties: string[] = []
  for (const file of files) {
    file.visit({
      TSInterfaceDeclaration(node) {
        if (node.id.name !== name) return
        for (const member of node.body.body) {
          if (member.type !== 'TSPropertySignature') continue
          properties.push(file.text.slice(member.key.start, member.key.end))
        }
      },
    })
  }
  return properties
}

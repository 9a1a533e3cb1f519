import type { Expression } from "../../parser/ast";

/** Written without any column or function. */
export function isLiteral(node: Expression): boolean {
  switch (node.kind) {
    case "string":
    case "number":
    case "binary":
    case "null":
      return true;
    case "negate":
    case "bitNot":
      return isLiteral(node.operand);
    case "arithmetic":
    case "bitwise":
    case "concat":
      return isLiteral(node.left) && isLiteral(node.right);
    default:
      return false;
  }
}

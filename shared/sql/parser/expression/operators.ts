import { errorAt } from "../../errors";
import type { ArithmeticOperator, BitwiseOperator, Expression } from "../ast";
import type { TokenStream } from "../token-stream";
import { requireValue } from "./kinds";
import { parsePrimary } from "./primary";

/** A left-deep chain of more operators would exhaust the stack of whoever walks the tree. */
const maxChain = 500;

function checkChain(tokens: TokenStream, links: number): void {
  if (links < maxChain) return;
  throw errorAt(tokens.source, tokens.peek().start, "too_large", "The expression is too long");
}

/** A value: sums, bits and AT TIME ZONE bind alike, products tighter, as in SQL Server. */
export function parseValue(tokens: TokenStream): Expression {
  return requireValue(tokens, parseOperand(tokens));
}

/** A value, or a condition in parentheses. */
export function parseOperand(tokens: TokenStream): Expression {
  let left = parseProduct(tokens);
  for (let links = 0; ; links += 1) {
    const { upper } = tokens.peek();
    switch (upper) {
      case "+":
      case "-":
        left = parseRight(tokens, left, links, (right) => arithmetic(upper, left, right));
        break;
      case "&":
      case "|":
      case "^":
        left = parseRight(tokens, left, links, (right) => bitwise(upper, left, right));
        break;
      case "||":
        left = parseRight(tokens, left, links, (right) => ({
          kind: "concat",
          left,
          right,
          start: left.start,
          end: right.end,
        }));
        break;
      case "AT":
        if (!tokens.areAll("AT", "TIME", "ZONE")) return left;
        tokens.next();
        tokens.next();
        left = parseRight(tokens, left, links, (zone) => ({
          kind: "atTimeZone",
          operand: left,
          zone,
          start: left.start,
          end: zone.end,
        }));
        break;
      default:
        return left;
    }
  }
}

const arithmetic = (
  operator: ArithmeticOperator,
  left: Expression,
  right: Expression,
): Expression => ({ kind: "arithmetic", operator, left, right, start: left.start, end: right.end });

const bitwise = (operator: BitwiseOperator, left: Expression, right: Expression): Expression => ({
  kind: "bitwise",
  operator,
  left,
  right,
  start: left.start,
  end: right.end,
});

/** The operator at the position and what stands right of it. */
function parseRight(
  tokens: TokenStream,
  left: Expression,
  links: number,
  join: (right: Expression) => Expression,
): Expression {
  checkChain(tokens, links);
  requireValue(tokens, left);
  tokens.next();
  return join(requireValue(tokens, parseProduct(tokens)));
}

function parseProduct(tokens: TokenStream): Expression {
  let left = parseUnary(tokens);
  for (let links = 0; ; links += 1) {
    const { upper } = tokens.peek();
    switch (upper) {
      case "*":
      case "/":
      case "%": {
        const right = parseFactor(tokens, left, links);
        left = arithmetic(upper, left, right);
        break;
      }
      case "<<":
      case ">>": {
        const right = parseFactor(tokens, left, links);
        left = bitwise(upper, left, right);
        break;
      }
      default:
        return left;
    }
  }
}

function parseFactor(tokens: TokenStream, left: Expression, links: number): Expression {
  checkChain(tokens, links);
  requireValue(tokens, left);
  tokens.next();
  return requireValue(tokens, parseUnary(tokens));
}

/** Signs and ~, which bind tighter than any other operator. A plus has no effect. */
function parseUnary(tokens: TokenStream): Expression {
  const { upper, start } = tokens.peek();
  if (upper !== "-" && upper !== "+" && upper !== "~") return parsePrimary(tokens);
  tokens.next();
  tokens.enter();
  const operand = requireValue(tokens, parseUnary(tokens));
  tokens.leave();
  if (upper === "+") return operand;
  const kind = upper === "-" ? "negate" : "bitNot";
  return { kind, operand, start, end: operand.end };
}

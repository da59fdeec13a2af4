// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// Dot4's drop, as a careful author would write it for the EVM: a hundred cells a seat as bits, three words of storage.
/// Everything is public, bombs included: nothing on such a chain can be hidden from those who read its storage.
contract Dot4 {
    uint256 private constant SIZE = 10;
    uint256 private constant SEAT = 100;
    uint256 private constant CELLS = (1 << 100) - 1;
    /// The cells through which a stone enters.
    uint256 private constant RIM = 0xffe01806018060180601807ff;

    struct Game {
        /// Bits 0 to 99: stones of seat 0, 100 to 199: of seat 1; y * 10 + x.
        uint256 stones;
        /// Likewise, bombs that have not gone off.
        uint256 bombs;
        address player0;
        /// 0 or 1; 2: over.
        uint8 turn;
        uint8 lost0;
        uint8 lost1;
        /// 0, 1, 2: nobody; 3: not over.
        uint8 winner;
        address player1;
    }

    mapping(uint256 => Game) public games;

    event Dropped(uint256 indexed game, uint8 seat, uint8 cell, bool exploded);
    event Ended(uint256 indexed game, uint8 winner);

    error NotYourTurn();
    error Blocked();
    error NoSuchLine();

    function open(uint256 id, address player0, address player1, uint256 bombs) external {
        games[id] = Game(0, bombs, player0, 0, 0, 0, 3, player1);
    }

    /// side 0 top, 1 right, 2 bottom, 3 left; line 0 to 9.
    function drop(uint256 id, uint256 side, uint256 line) external {
        if (side > 3 || line >= SIZE) revert NoSuchLine();
        Game storage game = games[id];
        uint8 seat = game.turn;
        if (seat > 1 || msg.sender != (seat == 0 ? game.player0 : game.player1)) revert NotYourTurn();
        uint256 stones = game.stones;
        uint256 bombs = game.bombs;
        (uint256 cell, bool hit) = run(stones, bombs, side, line);
        if (hit) {
            uint256 blast = blastOf(cell);
            uint256 both = blast | (blast << SEAT);
            game.lost0 += uint8(count(stones & blast) + (seat == 0 ? 1 : 0));
            game.lost1 += uint8(count((stones >> SEAT) & blast) + (seat == 1 ? 1 : 0));
            stones &= ~both;
            game.bombs = bombs & ~both;
        } else {
            stones |= 1 << (cell + seat * SEAT);
        }
        game.stones = stones;
        emit Dropped(id, seat, uint8(cell), hit);
        uint256 own = (stones >> (seat * SEAT)) & CELLS;
        if (!hit && four(own, cell)) {
            game.turn = 2;
            game.winner = seat;
            emit Ended(id, seat);
        } else if ((stones | (stones >> SEAT)) & RIM == RIM) {
            game.turn = 2;
            game.winner = 2;
            emit Ended(id, 2);
        } else {
            game.turn = 1 - seat;
        }
    }

    /// The last cell a stone runs to, and whether a bomb lies there.
    function run(uint256 stones, uint256 bombs, uint256 side, uint256 line) private pure returns (uint256 at, bool hit) {
        uint256 taken = stones | (stones >> SEAT);
        uint256 mined = bombs | (bombs >> SEAT);
        uint256 steps = 0;
        unchecked {
            for (; steps < SIZE; steps++) {
                uint256 back = SIZE - 1 - steps;
                uint256 cell = side == 0 ? steps * SIZE + line
                    : side == 1 ? line * SIZE + back
                    : side == 2 ? back * SIZE + line
                    : line * SIZE + steps;
                if ((taken >> cell) & 1 == 1) break;
                at = cell;
                if ((mined >> cell) & 1 == 1) return (cell, true);
            }
        }
        if (steps == 0) revert Blocked();
    }

    function blastOf(uint256 cell) private pure returns (uint256 blast) {
        unchecked {
            uint256 x = cell % SIZE;
            uint256 y = cell / SIZE;
            for (uint256 v = y == 0 ? 0 : y - 1; v <= y + 1 && v < SIZE; v++) {
                for (uint256 u = x == 0 ? 0 : x - 1; u <= x + 1 && u < SIZE; u++) blast |= 1 << (v * SIZE + u);
            }
        }
    }

    /// Whether four or more of these cells stand in a row through `cell`.
    function four(uint256 own, uint256 cell) private pure returns (bool) {
        int256 x = int256(cell % SIZE);
        int256 y = int256(cell / SIZE);
        return 1 + reach(own, x, y, 1, 0) + reach(own, x, y, -1, 0) >= 4
            || 1 + reach(own, x, y, 0, 1) + reach(own, x, y, 0, -1) >= 4
            || 1 + reach(own, x, y, 1, 1) + reach(own, x, y, -1, -1) >= 4
            || 1 + reach(own, x, y, 1, -1) + reach(own, x, y, -1, 1) >= 4;
    }

    function reach(uint256 own, int256 x, int256 y, int256 dx, int256 dy) private pure returns (uint256 steps) {
        unchecked {
            for (;;) {
                x += dx;
                y += dy;
                if (x < 0 || y < 0 || x > 9 || y > 9 || (own >> uint256(y * 10 + x)) & 1 == 0) return steps;
                steps++;
            }
        }
    }

    function count(uint256 bits) private pure returns (uint256 ones) {
        unchecked {
            for (; bits != 0; bits &= bits - 1) ones++;
        }
    }
}

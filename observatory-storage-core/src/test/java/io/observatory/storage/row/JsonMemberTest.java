package io.observatory.storage.row;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A member is found wherever it stands, whatever it is, and as it is.
 */
class JsonMemberTest {

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"host\":\"a\"}", "{\"a\":{\"b\":[1,{\"c\":\"}\"}]}}", "[]", "[1,[2]]", "\"text\"",
			"\"提示 🙂 \\\" \\\\ \\n\"", "\"\"", "1", "-1.5e10", "true", "false", "null" })
	void isFoundWhereverItStands(String value) {
		for (String before : new String[] { "", "\"k\":1,", "\"é🙂\":{\"wanted\":2},", "\"k\":[{\"wanted\":1}]," }) {
			for (String after : new String[] { "", ",\"z\":1", ",\"z\":{\"wanted\":3}" }) {
				String json = "{" + before + "\"wanted\":" + value + after + "}";
				assertThat(find(json)).as(json).isEqualTo(value);
			}
		}
	}

	@Test
	void isNullWhenThereIsNone() {
		assertThat(find("{}")).isNull();
		assertThat(find("{\"other\":{\"wanted\":1}}")).isNull();
	}

	private static String find(String json) {
		byte[] bytes = ("xx" + json + "yyy").getBytes(StandardCharsets.UTF_8);
		return JsonMember.find(bytes, 2, "\"wanted\"".getBytes(StandardCharsets.UTF_8));
	}

}
